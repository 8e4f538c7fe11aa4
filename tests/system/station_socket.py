"""A client of the local socket of two pages: Protobuf by hand, so that the tests share no code with the product."""

import base64
import os
import socket
import struct
import threading
import time

VIEWER, PATIENT, CONSOLE = 1, 2, 3
START, STOP, RESET, END_SESSION = 3, 4, 5, 6  # places in Command.body
STAGES = ["", "no_prescription", "ready", "armed", "count_in", "training", "unloading", "resting", "done", "stopped"]
MOMENTS = ["", "idle", "ramp_in", "lifting", "holding", "lowering", "resting", "unloading"]
PERMISSIONS = ["", "latched", "ready", "armed", "granted"]


# ---- Protobuf


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number_field(place, value):
    return varint(place << 3) + varint(value)


def bytes_field(place, value):
    return varint(place << 3 | 2) + varint(len(value)) + value


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if not byte & 0x80:
            return number, at


def fields(data):
    """{place: [values]}: numbers, doubles, or bytes."""
    found, at = {}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif kind == 2:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            value, at = struct.unpack_from("<I", data, at)[0], at + 4
        found.setdefault(tag >> 3, []).append(value)
    return found


class Message:
    def __init__(self, data=b""):
        self._fields = fields(data)

    def number(self, place):
        return self._fields.get(place, [0])[-1]

    def text(self, place):
        return self._fields.get(place, [b""])[-1].decode()

    def texts(self, place):
        return [value.decode() for value in self._fields.get(place, [])]

    def message(self, place):
        return Message(self._fields.get(place, [b""])[-1])

    def has(self, place):
        return place in self._fields


class Telemetry:
    def __init__(self, message):
        session, safety, loop = message.message(6), message.message(7), message.message(9)
        units = message.message(8)
        self.cycle = message.number(1)
        self.stage = STAGES[session.number(1)]
        self.moment = MOMENTS[session.number(2)]
        self.rep = session.number(7)
        self.moment_left_s = session.number(11)
        self.moment_length_s = session.number(12)
        self.last_set_end = session.text(19)
        self.permission = PERMISSIONS[safety.number(1)]
        self.action, self.cause, self.latch = safety.text(2), safety.text(3), safety.text(4)
        self.patient_words, self.physio_words, self.next_step = safety.text(5), safety.text(6), safety.text(7)
        self.active = safety.texts(9)
        self.released = bool(safety.number(10))
        self.both_connected = bool(units.message(1).number(1)) and bool(units.message(2).number(1))
        self.units_ready = self.both_connected and bool(units.number(3)) and bool(units.number(4))
        self.late_cycles, self.answers_missed = loop.number(3), loop.number(5)

    def __str__(self):
        return (f"{self.permission}/{self.stage}/{self.moment} cause={self.cause or '-'} latch={self.latch} "
                f"active={','.join(self.active) or '-'}")


def framed(body):
    return varint(len(body)) + body


def hello(role, name="system test"):
    return bytes_field(1, number_field(1, 1) + bytes_field(2, name.encode()) + number_field(3, role))


def command(number, what):
    return bytes_field(2, number_field(1, number) + bytes_field(what, b""))


def heartbeat(number):
    return bytes_field(3, number_field(1, number))


# ---- clients


def dial(path, timeout=2.0):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(timeout)
    try:
        peer.connect(str(path))
    except OSError:
        peer.close()
        raise
    return peer


class Console(threading.Thread):
    """A screen that is read all the time and beats all the time, as long as it is not told to freeze."""

    def __init__(self, path, role=CONSOLE):
        super().__init__(daemon=True)
        self._socket = dial(path)
        self._socket.sendall(framed(hello(role)))
        self._changed = threading.Condition()
        self._outcomes = {}
        self._asked = 0
        self._frozen = threading.Event()
        self.telemetry = None
        self.heard = 0.0
        self.lost = False
        self.goodbye = ""
        self.start()
        self._wait(lambda: self.telemetry or self.lost, 3.0)
        if not self.telemetry:
            self.close()
            raise ConnectionError("no welcome: " + (self.goodbye or "silence"))

    def close(self):
        self.lost = True
        self._socket.close()

    def vanish(self):
        """As when the process is killed."""
        self._socket.setblocking(False)
        self.close()

    def freeze(self):
        self._frozen.set()

    def thaw(self):
        self._frozen.clear()

    @property
    def well(self):
        return not self.lost and time.monotonic() - self.heard < 1.0

    def ask(self, what, timeout=3.0):
        """The outcome's "applied", or the code of the refusal; None when nothing came."""
        with self._changed:
            self._asked += 1
            number = self._asked
        try:
            self._socket.sendall(framed(command(number, what)))
        except OSError:
            return None
        self._wait(lambda: number in self._outcomes or self.lost, timeout)
        return self._outcomes.get(number)

    def _wait(self, condition, timeout):
        with self._changed:
            self._changed.wait_for(condition, timeout)

    def run(self):
        buffer, beats, beaten = b"", 0, 0.0
        self._socket.settimeout(0.05)
        while not self.lost:
            if self._frozen.is_set():
                time.sleep(0.02)
                continue
            try:
                if time.monotonic() - beaten > 0.25:
                    beats, beaten = beats + 1, time.monotonic()
                    self._socket.sendall(framed(heartbeat(beats)))
                data = self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                break
            buffer += data
            buffer = self._take(buffer)
        with self._changed:
            self.lost = True
            self._changed.notify_all()

    def _take(self, buffer):
        while buffer:
            try:
                size, at = read_varint(buffer, 0)
            except IndexError:
                return buffer
            if len(buffer) < at + size:
                return buffer
            self._hear(Message(buffer[at : at + size]))
            buffer = buffer[at + size :]
        return buffer

    def _hear(self, frame):
        with self._changed:
            self.heard = time.monotonic()
            if frame.has(1):
                self.telemetry = Telemetry(frame.message(1).message(4))
            elif frame.has(2):
                self.telemetry = Telemetry(frame.message(2))
            elif frame.has(3):
                outcome = frame.message(3)
                refused = outcome.message(3)
                self._outcomes[outcome.number(1)] = refused.text(1) or "refused" if outcome.has(3) else "applied"
            elif frame.has(6):
                self.goodbye = frame.message(6).message(1).text(1)
            self._changed.notify_all()


class PatientScreen(threading.Thread):
    """The patient's page behind the gateway: a WebSocket that says hello and beats."""

    def __init__(self, host, port):
        super().__init__(daemon=True)
        self._socket = socket.create_connection((host, port), timeout=3.0)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            (f"GET /ws HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\nUpgrade: websocket\r\n"
             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: plinth.v1\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._socket.recv(1)
            if not part:
                break
            answer += part
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(answer.decode(errors="replace"))
        self.lost = False
        self._send(hello(PATIENT, "patient's page"))
        self.start()

    def _send(self, body):
        mask = os.urandom(4)
        size = bytes((0x80 | len(body),)) if len(body) < 126 else struct.pack(">BH", 0xFE, len(body))
        self._socket.sendall(b"\x82" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))

    def run(self):
        beats, beaten = 0, 0.0
        self._socket.settimeout(0.05)
        while not self.lost:
            try:
                if time.monotonic() - beaten > 0.25:
                    beats, beaten = beats + 1, time.monotonic()
                    self._send(heartbeat(beats))
                if not self._socket.recv(65536):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.lost = True

    def close(self):
        self.lost = True
        self._socket.close()
