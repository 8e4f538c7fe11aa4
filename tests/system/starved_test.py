"""A daemon that is not given what it needs to start: it says so and ends, or it serves. Nothing moves either way."""

import pathlib
import subprocess
import unittest

from modbus import DriveView
from station import BIN, Station


class Starved(unittest.TestCase):
    def start_under(self, station, *limits):
        """Exit status and last words; None when it serves."""
        process = subprocess.Popen(
            ["prlimit", *limits, str(BIN / "plinthd"), "--config", str(station.config)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            words, _ = process.communicate(timeout=3)
            return process.returncode, words.decode(errors="replace")
        except subprocess.TimeoutExpired:
            served = station.status() is not None
            station.end(process)
            self.assertTrue(served, f"{limits}: neither serves nor ends")
            return None

    def test_without_descriptors_or_memory_it_ends_with_words_or_serves_and_nothing_moves(self):
        with Station() as station:
            modbus = station.modbus()
            station.end(station.daemon)
            refused = 0
            for limits in (("--nofile=4",), ("--nofile=7",), ("--nofile=10",), ("--nofile=13",), ("--nofile=16",),
                           ("--as=30000000",), ("--as=60000000",), ("--as=100000000",), ("--data=1000000",),
                           ("--nproc=1", "--stack=65536")):
                with self.subTest(limits=limits):
                    ended = self.start_under(station, *limits)
                    self.assertFalse(DriveView.of(modbus).torque_on)
                    if ended is None:
                        continue
                    status, words = ended
                    refused += 1
                    self.assertNotEqual(status, 0)
                    self.assertGreaterEqual(status, 0, f"it says what is wrong instead of aborting: {words}")
                    self.assertTrue(words.strip(), "it says why")
            self.assertGreater(refused, 0, "at least one of these is too little")
            station.start_daemon()
            self.assertIsNotNone(station.status(), "given all it needs, it serves")
            modbus.close()

    def test_a_station_file_that_is_gone_is_told_by_name(self):
        done = subprocess.run([str(BIN / "plinthd"), "--config", "/nonexistent/station.toml"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/nonexistent/station.toml", done.stdout + done.stderr)
        self.assertTrue(pathlib.Path(BIN / "plinthd").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
