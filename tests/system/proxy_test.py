"""A proxy that only claims to misbehave would prove nothing: each of its faults, seen from both ends."""

import json
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

from proxy import crc16

PROXY = pathlib.Path(__file__).with_name("proxy.py")
REGISTERS = 20


def block_answer(transaction):
    words = bytes(range(2 * (REGISTERS - 1)))
    total = crc16(words)
    words += bytes((total >> 8, total & 0xFF))
    return struct.pack(">HHHBBB", transaction, 0, 3 + len(words), 1, 4, len(words)) + words


def request(transaction):
    return struct.pack(">HHHBBHH", transaction, 0, 6, 1, 4, 0x0200, REGISTERS)


class Unit(threading.Thread):
    """Answers every whole request with a block; keeps what it was sent."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = b""
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        buffer = b""
        with peer:
            while data := peer.recv(4096):
                self.heard += data
                buffer += data
                while len(buffer) >= 12:
                    peer.sendall(block_answer(struct.unpack_from(">H", buffer)[0]))
                    buffer = buffer[12:]


class Proxied(unittest.TestCase):
    def setUp(self):
        self.unit = Unit()
        self.proxy = subprocess.Popen([sys.executable, "-B", str(PROXY), "--to", f"127.0.0.1:{self.unit.port}"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.proxy.stdout.readline().rsplit(b":", 1)[1])
        self.peer = socket.create_connection(("127.0.0.1", self.port), timeout=1.0)

    def tearDown(self):
        self.peer.close()
        self.proxy.stdin.close()
        self.proxy.wait(5)
        self.proxy.stdout.close()
        self.unit.listener.close()

    def order(self, fault, for_ms=300, **more):
        self.proxy.stdin.write(json.dumps({"fault": fault, "for_ms": for_ms, "seed": 1, **more}).encode() + b"\n")
        self.proxy.stdin.flush()
        time.sleep(0.05)

    def told(self):
        return json.loads(self.proxy.stdout.readline())

    def take(self, size, seconds=1.0):
        self.peer.settimeout(seconds)
        data = b""
        try:
            while len(data) < size and (part := self.peer.recv(size - len(data))):
                data += part
        except TimeoutError:
            pass
        return data

    def ask(self, transaction, size=49):
        self.peer.sendall(request(transaction))
        return self.take(size, 0.15)

    def test_passes_what_it_is_not_told_to_change(self):
        self.assertEqual(self.ask(1), block_answer(1))
        self.assertEqual(self.unit.heard, request(1))

    def test_delays_answers_and_tells_when_it_began(self):
        self.order("delay", ms=60)
        began = time.monotonic()
        self.assertEqual(self.ask(1), block_answer(1))
        self.assertGreater(time.monotonic() - began, 0.055)
        told = self.told()
        self.assertEqual(told["felt"], 1)
        self.assertLess(abs(told["first_ms"] - began * 1000), 20)

    def test_drops_so_many_and_no_more(self):
        self.order("drop", count=1)
        self.assertEqual(self.ask(1), b"")
        self.assertEqual(self.ask(2), block_answer(2))

    def test_drops_requests_before_the_unit_hears_them(self):
        self.order("drop", answers=False, requests=True)
        self.assertEqual(self.ask(1), b"")
        self.assertEqual(self.unit.heard, b"")

    def test_doubles_an_answer(self):
        self.order("duplicate")
        self.assertEqual(self.ask(1, 98), 2 * block_answer(1))

    def test_brings_the_previous_answer_after_the_next_request(self):
        self.order("late")
        self.assertEqual(self.ask(1), b"")
        self.assertEqual(self.ask(2), block_answer(1))

    def test_swaps_two_answers(self):
        self.order("reorder")
        self.peer.sendall(request(1) + request(2))
        self.assertEqual(self.take(98), block_answer(2) + block_answer(1))

    def test_sends_two_answers_as_one(self):
        self.order("merge")
        self.assertEqual(self.ask(1), b"")
        self.assertEqual(self.ask(2, 98), block_answer(1) + block_answer(2))

    def test_cuts_an_answer_short(self):
        self.order("truncate", keep=20)
        self.assertEqual(self.ask(1), block_answer(1)[:20])

    def test_flips_one_bit_of_the_message(self):
        self.order("flip", where="pdu")
        got, sent = self.ask(1), block_answer(1)
        self.assertEqual(got[:7], sent[:7])
        self.assertEqual(sum((a ^ b).bit_count() for a, b in zip(got, sent)), 1)

    def test_forges_a_block_whose_sum_fits(self):
        self.order("forge")
        got, sent = self.ask(1), block_answer(1)
        self.assertEqual(sum((a ^ b).bit_count() for a, b in zip(got[:-2], sent[:-2])), 1)
        self.assertEqual(crc16(got[9:-2]), struct.unpack(">H", got[-2:])[0])

    def test_dribbles_byte_by_byte(self):
        self.order("dribble", ms=2)
        began = time.monotonic()
        self.assertEqual(self.ask(1), block_answer(1))
        self.assertGreater(time.monotonic() - began, 0.09)

    def test_splits_without_losing_a_byte(self):
        self.order("split", ms=1)
        self.assertEqual(self.ask(1), block_answer(1))

    def test_answers_with_a_wrong_header(self):
        for what, place in (("transaction", 1), ("unit", 6), ("function", 7)):
            with self.subTest(what):
                self.order("wrong_header", what=what)
                got = self.ask(1)
                self.assertNotEqual(got[place], block_answer(1)[place])
                self.told()

    def test_answers_with_an_exception_in_the_unit_s_name(self):
        self.order("refuse", code=4)
        self.assertEqual(self.ask(1, 9), struct.pack(">HHHBBB", 1, 0, 3, 1, 0x84, 4))

    def test_half_open_it_stays_connected_and_silent_even_afterwards(self):
        self.order("half_open", for_ms=100)
        self.assertEqual(self.ask(1), b"")
        self.told()
        self.assertEqual(self.ask(2), b"")
        self.peer.close()
        self.peer = socket.create_connection(("127.0.0.1", self.port), timeout=1.0)
        self.assertEqual(self.ask(3), block_answer(3))

    def test_closes_and_takes_nobody_until_it_is_over(self):
        self.order("close", for_ms=200)
        self.assertEqual(self.peer.recv(1), b"")
        with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as again:
            self.assertEqual(again.recv(1), b"")
        self.told()
        self.peer.close()
        self.peer = socket.create_connection(("127.0.0.1", self.port), timeout=1.0)
        self.assertEqual(self.ask(1), block_answer(1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
