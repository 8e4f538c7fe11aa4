#!/usr/bin/python3 -B
"""Writes the seeds that are no text: frames and traces by hand. Run it after changing one; commit what it wrote."""
import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def seed(harness, name, data):
    folder = CORPUS / harness
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


# ---- Protobuf, as far as the seeds need it

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def number(field, value):
    return varint(field << 3) + varint(value)


def real(field, value):
    return varint(field << 3 | 1) + struct.pack("<d", value)


def message(field, body):
    body = body.encode() if isinstance(body, str) else body
    return varint(field << 3 | 2) + varint(len(body)) + body


def framed(*bodies):
    return b"".join(varint(len(body)) + body for body in bodies)


PERSON = message(3, real(1, 78.0) + real(2, 1.75))
SMALLEST = number(2, 2) + message(3, real(1, 78.0))
WHOLE = (number(1, 1) + number(2, 2) + PERSON + real(4, -60) + real(5, -5) + real(6, 120) + real(7, 1.0) + real(8, 2)
         + real(9, 1) + real(10, 4) + real(11, 0) + real(12, 4) + real(13, 70) + real(14, 70) + number(15, 2)
         + number(16, 10) + real(17, 60) + real(18, 0.0))
HELLO = message(1, number(1, 1) + message(2, "plinthctl") + number(3, 3))


def command(number_of_it, field, body=b""):
    return message(2, number(1, number_of_it) + message(field, body))


# ---- Modbus

def words(*values):
    return b"".join(struct.pack(">H", value & 0xFFFF) for value in values)


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def with_sum(data):
    return data + words(crc16(data))


def prescriptions():
    for name, body in {
        "smallest": SMALLEST, "whole": WHOLE, "empty": b"", "no_person": number(2, 3),
        "unknown_phase": number(2, 9) + PERSON, "not_a_number": SMALLEST + real(6, float("nan")),
        "infinite_lift": SMALLEST + real(8, float("inf")), "too_heavy": SMALLEST + real(6, 1e308),
        "a_thousand_million_reps": SMALLEST + number(16, 10**9), "radians": SMALLEST + real(4, -1.05) + real(5, -0.09),
        "maintenance_with_strength": number(2, 4) + message(3, real(1, 90.0) + real(3, 300.0)) + real(6, 200.0),
    }.items():
        seed("prescription_message", name, body)
        if body:
            seed("prescription_file", f"values_{name}", b"\x01" + body)
    seed("prescription_file", "not_json", b"\x00{ not json")
    seed("prescription_file", "other_schema", b'\x00{"schema": 9}')
    seed("prescription_file", "wrong_sum",
         b'\x00{"schema": 1, "prescription": {"phase": "PHASE_STRENGTH", "person": {"mass_kg": 78}}, "checksum": 1}')


def client_frames():
    arrive, later, hello_as_console = b"\x00", b"\x01\x14", b"\x05\x00\x00\x01\x03\x00"

    def raw(body):
        return b"\x04" + bytes([len(body)]) + body + b"\x00"

    start = arrive + raw(HELLO)
    seed("client_frames", "prescribe", start + raw(command(1, 2, message(1, SMALLEST))) + later + later)
    seed("client_frames", "start_and_stop",
         start + raw(command(1, 2, message(1, WHOLE))) + later + raw(command(2, 3)) + later + raw(command(3, 4)) + later)
    seed("client_frames", "reset_end_get",
         start + raw(command(1, 5)) + raw(command(2, 6)) + raw(command(3, 7)) + later)
    seed("client_frames", "no_hello", arrive + raw(command(1, 3)) + later)
    seed("client_frames", "other_version", arrive + raw(message(1, number(1, 7) + number(3, 1))))
    seed("client_frames", "heartbeats", start + raw(message(3, number(1, 1))) * 5 + b"\x01\xFF")
    seed("client_frames", "viewer_may_not_start",
         arrive + raw(message(1, number(1, 1) + number(3, 1))) + raw(command(1, 3)) + raw(command(2, 4)) + later)
    seed("client_frames", "garbage", start + raw(b"\xff\xff garbage"))
    seed("client_frames", "control_is_silent", start + b"\x02\x00\xFF\x00" + raw(command(1, 4)) + b"\x01\xFF\x01\xFF")
    seed("client_frames", "structured", arrive + hello_as_console + b"\x06\x01\x00\x00" + later)


def server_frames():
    arm = message(3, real(1, -40.0) + real(2, 12.0))
    load = message(4, real(1, 120.0) + real(2, 118.0) + real(3, 121.0))
    session = message(6, number(1, 5) + number(2, 3) + message(3, "lift") + message(4, "out") + number(5, 1) + number(6, 2)
                      + number(7, 3) + number(8, 10) + real(13, -30.0) + real(16, -60.0) + real(17, -5.0))
    safety = message(7, number(1, 4) + message(2, "allow"))
    telemetry = number(1, 100) + number(2, 1000) + arm + load + session + safety
    stopped = message(6, number(1, 9)) + message(
        7, number(1, 1) + message(2, "release") + message(3, "range_crossed") + message(4, "patient"))
    strange = message(6, number(1, 200) + number(2, 200) + real(13, float("nan")) + real(14, 1e308))
    frames = {
        "welcome": message(1, number(1, 1) + message(2, "plinthd 0.1.0") + number(3, 1) + message(4, telemetry)
                           + message(5, WHOLE)),
        "telemetry": message(2, telemetry), "stopped": message(2, stopped), "strange_numbers": message(2, strange),
        "applied": message(3, number(1, 1) + message(2, message(1, WHOLE))),
        "refused": message(3, number(1, 1) + message(3, message(1, "latched") + message(2, "Stopped."))),
        "prescription": message(4, WHOLE), "heartbeat": message(5, number(1, 7)),
        "goodbye": message(6, message(1, message(1, "ending"))),
    }
    for name, body in frames.items():
        seed("server_frames", name, b"\x00" + body)
    seed("server_frames", "stream", b"\x01\x03" + framed(*frames.values()))
    seed("server_frames", "stream_with_an_endless_length", b"\x01\x00" + framed(b"abc") + b"\xff" * 6)
    seed("server_frames", "stream_with_a_long_zero", b"\x01\x00" + b"\x80\x80\x80\x00" + framed(b"abc"))


def modbus():
    ask_drive = b"\x00\x01" + words(0x0200) + b"\x13" + b"\x01"
    right, refused = b"\x02\x00" + bytes(range(40)) + b"\x05", b"\x02\x01\x06\x02"
    seed("modbus_exchange", "read_and_answer", ask_drive + right)
    seed("modbus_exchange", "refused", ask_drive + refused)
    seed("modbus_exchange", "late_answer", ask_drive + b"\x06" + ask_drive + b"\x02\x02" + bytes(40) + b"\x00" + right)
    seed("modbus_exchange", "wrong_unit", ask_drive + b"\x02\x03" + bytes(40) + b"\x09\x00")
    seed("modbus_exchange", "no_modbus", ask_drive + b"\x05\x08" + b"HTTP/1.1" + right + b"\x07" + ask_drive + right)
    seed("modbus_exchange", "write_command", b"\x00\x02" + words(0x0100) + b"\x10" + words(*range(17)) + b"\x01\x02\x00\x00")
    seed("modbus_exchange", "two_frames_at_once",
         ask_drive + b"\x05\x12" + words(0, 0, 3) + b"\x01\x84\x02" + words(1, 0, 3) + b"\x01\x84\x02")

    drive = with_sum(words(7, 0, 1000, 7, 0x0307, 1, 0, 0, 0x001F, -7000, 0, 120, 120, 250, 250, 480, 90, 0, 1))
    hub = with_sum(words(9, 0, 1000, 1, 0x3F, 500, 510, 1500, 1500, 900, 900, *[1] * 6, *[0] * 6, 4800, -7000, 1, 500,
                         0x00F7, 0, 250, 1))
    seed("register_blocks", "drive_report", b"\x00\x00" + drive)
    seed("register_blocks", "drive_report_with_a_bad_sum", b"\x00\x00" + drive[:-1] + b"\x00")
    seed("register_blocks", "drive_report_without_an_angle", b"\x00\x01" + drive[:18] + words(0x8000) + drive[20:])
    seed("register_blocks", "hub_report", b"\x01\x00" + hub)
    seed("register_blocks", "command", b"\x02\x03\x01" + words(310, 0, -12000, 1300, 1900, 1300, 4000, 0, 0, 800, -10472, -873, 50, 3))
    seed("register_blocks", "limits", b"\x03" + words(100, 1, 180, 150, 1300, 1700, -15708, 1745, 4000) + b"\x01")
    seed("register_blocks", "identity", b"\x04" + words(0x5248, 0x5831, 0x0100, 1, 0, 42, 0x0100, 7, 0, 3, 2000, 3000, 0, 0,
                                                         0x1234, 0x0102, 0x0304, 0x42F7, 0) + b"\x00\x01")
    seed("register_blocks", "identity_with_swapped_words", b"\x04" + words(0x5248, 0x5831, 0x0100, 1, *[0] * 10, 0x1234, 0x0304,
                                                                            0x0102, 0, 0x42F7) + b"\x00\x01")


def unit_requests():
    drive, hub, passing = b"\x02", b"\x01", b"\x00\x14\x00" + words(500) + b"\x80"

    def raw(body):
        return b"\x00" + bytes([len(body)]) + body

    read_all = b"\x04" + words(0x0200, 20)
    block = with_sum(words(1, 3, 1, 100, 0, -12000, 1300, 1900, 1300, 4000, 0, 0, 800, -10472, -873, 50))
    write_block = b"\x10" + words(0x0100, 17) + b"\x22" + block
    permit = b"\x10" + words(0x0100, 3) + b"\x06" + with_sum(words(1, 1))
    seed("unit_requests", "read_both", drive + raw(read_all) + hub + raw(b"\x04" + words(0x0200, 32)))
    seed("unit_requests", "command_and_permit", hub + raw(permit) + drive + raw(write_block) + passing + drive + raw(read_all))
    seed("unit_requests", "unlock_and_limits",
         drive + raw(b"\x06" + words(0x0300, 0x5AFE)) + drive
         + raw(b"\x10" + words(0x0301, 10) + b"\x14" + words(100, 1, 180, 0, 1300, 1700, -15708, 1745, 4000, 1)))
    seed("unit_requests", "mailbox", drive + raw(b"\x10" + words(0x0400, 4) + b"\x08" + words(6, 1, 0, 0)) + passing
         + drive + raw(b"\x03" + words(0x0408, 3)))
    seed("unit_requests", "write_and_read_at_once", drive + raw(b"\x17" + words(0x0200, 20, 0x0100, 17) + b"\x22" + block))
    seed("unit_requests", "beyond_the_space", drive + raw(b"\x03" + words(0xFFFF, 2)) + hub + raw(b"\x2B\x0E\x01\x00"))
    seed("unit_requests", "too_short", drive + raw(b"\x10\x01") + hub + raw(b"\x06") + drive + raw(b""))


def gate_traces():
    caps = words(1300, 2000, 2500, 1900, 310, 300, 1300, 800, 4000)

    def step(event, want=0x00, torque=600, seen=0, gravity=0xDC, limit=0x01, brake=0x80):
        limits = words(2000, 2500, 1300, 800) if want & 1 else b""
        return bytes([event]) + bytes([want]) + words(torque) + limits + bytes([seen, gravity]) + (
            bytes([limit]) if limit is not None else b"") + bytes([brake])

    begin = bytes([8]) + caps  # 10 ms
    # Latched: no byte is read for the limit, which only a permission asks for.
    wake = step(0x7F, limit=None) * 2 + step(0xE0, limit=None, brake=0) + bytes([2]) + step(0x00, limit=None)
    wake = (step(0x10, limit=None) + step(0x7F, limit=None) + step(0x7F, limit=None)
            + bytes([0xE0, 2]) + step(0x00, limit=None)[1:] + step(0x00, limit=None))
    granted = step(0x02, limit=None) + step(0x0C) + step(0x0C) * 20
    seed("gate_trace", "boot", begin + step(0x10, limit=None) * 5)
    seed("gate_trace", "a_set", begin + wake + granted)
    seed("gate_trace", "grip_released", begin + wake + granted + bytes([0xF0, 4]) + step(0x00, limit=None)[1:]
         + step(0x10, limit=None) * 60)
    seed("gate_trace", "set_finished", begin + wake + granted + step(0x7C) + step(0x0C, limit=None) * 60)


if __name__ == "__main__":
    prescriptions()
    client_frames()
    server_frames()
    modbus()
    unit_requests()
    gate_traces()
