#!/usr/bin/env python3
"""A Modbus TCP proxy that misbehaves when told to. One thread, one process: nothing but the fault delays a frame.

    proxy.py --to 127.0.0.1:1502          prints "listening tcp:127.0.0.1:PORT"

Then one JSON object a line on the standard input begins a fault, and when it is over a line tells what it did:

    {"fault": "delay", "ms": 30, "answers": true, "requests": false, "unit": 0, "p": 1.0, "for_ms": 800, "seed": 1}
    {"over": "delay", "felt": 81, "first_ms": 123456.7, "last_ms": 124250.1}

Times are milliseconds of the monotonic clock. `unit` 0 is both. `lift` ends a fault early.
"""

import argparse
import gc
import heapq
import json
import os
import random
import selectors
import socket
import struct
import sys
import time

HEADER = 7  # transaction, protocol, length, unit
LONGEST_FRAME = 260


def now_ms():
    return time.monotonic_ns() / 1e6


def crc16(data):
    """CRC-16/MODBUS."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


class FrameCutter:
    """Cuts a stream into Modbus TCP frames; what is no Modbus passes as it is."""

    def __init__(self):
        self._buffer = b""

    def feed(self, data):
        self._buffer += data
        frames = []
        while len(self._buffer) >= HEADER:
            size = 6 + struct.unpack_from(">H", self._buffer, 4)[0]
            if not HEADER < size <= LONGEST_FRAME:
                frames.append(self._buffer)
                self._buffer = b""
            elif len(self._buffer) < size:
                break
            else:
                frames.append(self._buffer[:size])
                self._buffer = self._buffer[size:]
        return frames


class Link:
    """One connection of the controller and the one to the unit behind it."""

    def __init__(self, client, unit):
        self.client = client
        self.unit = unit
        self.requests = FrameCutter()
        self.answers = FrameCutter()
        self.held = None  # what a fault keeps back
        self.held_to = None
        self.dead = False  # half open: connected, and nothing passes any more
        self.busy_until = {client: 0.0, unit: 0.0}  # frames of one direction stay in order


# ---------------------------------------------------------------------------------------------------- faults
# Each takes a frame and says what is sent instead: a list of (delay in ms, bytes). None: this frame is let be.


def delay(frame, order, _link, rng):
    return [(order["ms"] + rng.uniform(0, order.get("jitter_ms", 0)), frame)]


def drop(_frame, _order, _link, _rng):
    return []


def duplicate(frame, order, _link, _rng):
    return [(0, frame), (order.get("ms", 0), frame)]


def truncate(frame, order, _link, rng):
    keep = rng.randrange(1, len(frame)) if not order.get("keep") else min(order["keep"], len(frame) - 1)
    return [(0, frame[:keep])]


def flip(frame, order, _link, rng):
    bits = bytearray(frame)
    first = HEADER if order.get("where") == "pdu" else 0
    for _ in range(order.get("bits", 1)):
        place = rng.randrange(first * 8, len(bits) * 8)
        bits[place // 8] ^= 1 << place % 8
    return [(0, bytes(bits))]


def forge(frame, _order, _link, rng):
    """A bit of a register block is flipped and the block's sum made to fit: what one garbled frame in 65 536 does."""
    block = frame[HEADER + 2 :]
    if frame[HEADER] not in (3, 4) or len(block) < 40:
        return None
    registers = bytearray(block[:-2])
    place = rng.randrange(len(registers) * 8)
    registers[place // 8] ^= 1 << place % 8
    total = crc16(registers)
    return [(0, frame[: HEADER + 2] + bytes(registers) + bytes((total >> 8, total & 0xFF)))]


def dribble(frame, order, _link, _rng):
    return [(i * order["ms"], frame[i : i + 1]) for i in range(len(frame))]


def split(frame, order, _link, rng):
    cuts = sorted(rng.randrange(1, len(frame)) for _ in range(rng.randrange(1, 5)))
    parts = [frame[a:b] for a, b in zip([0, *cuts], [*cuts, len(frame)]) if a != b]
    return [(i * order.get("ms", 0.2), part) for i, part in enumerate(parts)]


def wrong_header(frame, order, _link, rng):
    bits = bytearray(frame)
    what = order["what"]
    if what == "transaction":
        bits[1] = (bits[1] + rng.choice((1, 0xFF))) & 0xFF
    elif what == "unit":
        bits[6] = 3 - bits[6] if bits[6] in (1, 2) else 9
    elif what == "function":
        bits[7] = rng.choice([code for code in (1, 3, 6, 23) if code != bits[7]])
    elif what == "length":
        bits[5] = (bits[5] + rng.choice((-1, 1, 4))) & 0xFF
    return [(0, bytes(bits))]


def refuse(frame, order, _link, _rng):
    """The unit answers with a Modbus exception."""
    return [(0, frame[:4] + b"\x00\x03" + frame[6:7] + bytes((frame[7] | 0x80, order["code"])))]


FAULTS = {
    "delay": delay, "drop": drop, "duplicate": duplicate, "truncate": truncate, "flip": flip, "forge": forge,
    "dribble": dribble, "split": split, "wrong_header": wrong_header, "refuse": refuse,
}
# Those that need to see what comes next, or the connection itself.
KEEPING = ("late", "reorder", "merge")
CONNECTION = ("half_open", "close")


class Proxy:
    def __init__(self, upstream):
        self._upstream = upstream
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(sys.stdin, selectors.EVENT_READ, self._command)
        os.set_blocking(sys.stdin.fileno(), False)
        self._typed = b""
        self._links = {}
        self._due = []  # (when, number, link, to, bytes)
        self._number = 0
        self._order = None
        self._rng = random.Random(0)
        self._ends = 0.0
        self._left = 0
        self._felt = None
        self._ended = False

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def run(self):
        while not self._ended:
            now = now_ms()
            while self._due and self._due[0][0] <= now:
                _, _, link, to, data = heapq.heappop(self._due)
                self._write(link, to, data)
            if self._order and now >= self._ends:
                self._lift()
            wake = self._due[0][0] if self._due else now + 100
            if self._order:
                wake = min(wake, self._ends)
            for key, _ in self._selector.select(max(0.0, wake - now_ms()) / 1000):
                key.data(key.fileobj)

    # ---- orders

    def _command(self, _):
        data = os.read(sys.stdin.fileno(), 4096)
        if not data:
            self._ended = True
        self._typed += data
        while b"\n" in self._typed:
            line, self._typed = self._typed.split(b"\n", 1)
            order = json.loads(line)
            if self._order:
                self._lift()
            if order["fault"] != "lift":
                self._begin(order)

    def _begin(self, order):
        self._order = order
        self._rng = random.Random(order.get("seed", 0))
        self._felt = {"felt": 0, "first_ms": None, "last_ms": None}
        self._ends = now_ms() + order["for_ms"]
        self._left = order.get("count", 1 << 30)
        if order["fault"] in CONNECTION:
            for link in set(self._links.values()):
                self._feel()
                if order["fault"] == "half_open":
                    link.dead = True
                else:
                    self._close(link, reset=order.get("reset", False))

    def _lift(self):
        order, self._order = self._order, None
        for link in set(self._links.values()):
            if link.held:
                self._later(link, link.held_to, 0, link.held)
                link.held = None
        print(json.dumps({"over": order["fault"], **self._felt}), flush=True)

    def _feel(self):
        self._felt["felt"] += 1
        self._felt["last_ms"] = now_ms()
        if self._felt["first_ms"] is None:
            self._felt["first_ms"] = self._felt["last_ms"]

    def _concerns(self, frame, is_answer):
        order = self._order
        if not order or len(frame) <= HEADER or self._left <= 0:
            return False
        if not order.get("answers" if is_answer else "requests", is_answer):
            return False
        if order.get("unit", 0) not in (0, frame[6]):
            return False
        return self._rng.random() < order.get("p", 1.0)

    # ---- traffic

    def _accept(self, listener):
        try:
            client, _ = listener.accept()
        except OSError:
            return
        if self._order and self._order["fault"] == "close":
            client.close()
            return
        try:
            unit = socket.create_connection(self._upstream, timeout=1.0)
        except OSError:
            client.close()
            return
        link = Link(client, unit)
        link.dead = bool(self._order and self._order["fault"] == "half_open")
        for end in (client, unit):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._links[end] = link
            self._selector.register(end, selectors.EVENT_READ, self._read)

    def _close(self, link, reset=False):
        for end in (link.client, link.unit):
            if end not in self._links:
                continue
            del self._links[end]
            self._selector.unregister(end)
            if reset:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()

    def _read(self, end):
        link = self._links.get(end)
        if link is None:
            return
        try:
            data = end.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(link)
            return
        if link.dead:
            if self._felt:
                self._felt["last_ms"] = now_ms()
            return
        is_answer = end is link.unit
        to = link.client if is_answer else link.unit
        for frame in (link.answers if is_answer else link.requests).feed(data):
            self._pass_on(link, to, frame, is_answer)

    def _pass_on(self, link, to, frame, is_answer):
        if self._order and self._order["fault"] in KEEPING:
            self._keep(link, to, frame, is_answer)
            return
        changed = None
        if self._concerns(frame, is_answer) and self._order["fault"] in FAULTS:
            changed = FAULTS[self._order["fault"]](frame, self._order, link, self._rng)
        if changed is None:
            self._later(link, to, 0, frame)
            return
        self._feel()
        self._left -= 1
        for wait, part in changed:
            # The second of two alike may come behind whatever: only parts of one frame belong together.
            self._later(link, to, wait, part, in_order=self._order["fault"] != "duplicate")

    def _keep(self, link, to, frame, is_answer):
        kind = self._order["fault"]
        if kind == "late":
            # The previous answer comes after the next request, before that request's own.
            if is_answer and link.held is None and self._concerns(frame, True):
                link.held, link.held_to = frame, to
                self._feel()
                return
            self._later(link, to, 0, frame)
            if not is_answer and link.held:
                self._later(link, link.held_to, 0, link.held)
                link.held = None
            return
        if not self._concerns(frame, is_answer) and link.held is None:
            self._later(link, to, 0, frame)
            return
        if link.held is None or link.held_to is not to:
            if link.held:
                self._later(link, link.held_to, 0, link.held)
            link.held, link.held_to = frame, to
            self._feel()
            return
        pair = (frame, link.held) if kind == "reorder" else (link.held + frame,)
        link.held = None
        for part in pair:
            self._later(link, to, 0, part)

    def _later(self, link, to, wait_ms, data, in_order=True):
        now = now_ms()
        busy_until = link.busy_until[to] if in_order else 0.0
        due = max(now + wait_ms, busy_until)
        if due <= now:
            self._write(link, to, data)
            return
        if in_order:
            link.busy_until[to] = due
        self._number += 1
        heapq.heappush(self._due, (due, self._number, link, to, data))

    def _write(self, link, to, data):
        if to not in self._links or link.dead:
            return
        try:
            to.sendall(data)
        except OSError:
            self._close(link)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--to", required=True, help="HOST:PORT of the Modbus server")
    host, port = arguments.parse_args().to.rsplit(":", 1)
    proxy = Proxy((host, int(port)))
    print(f"listening tcp:127.0.0.1:{proxy.port}", flush=True)
    gc.disable()  # no pause in the middle of a frame; a run is over long before memory matters
    proxy.run()


if __name__ == "__main__":
    main()
