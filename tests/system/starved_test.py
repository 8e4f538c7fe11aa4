"""A daemon that is not given what it needs: it gives up and says why, or stays and ends in order. Nothing moves."""

import subprocess
import unittest

from modbus import DriveView
from station import BIN, Station


class Starved(unittest.TestCase):
    def start_under(self, station, limit):
        """Exit status and last words when it gives up; None when it stays until it is told to end."""
        process = subprocess.Popen(
            ["prlimit", limit, str(BIN / "plinthd"), "--config", str(station.config)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            words, _ = process.communicate(timeout=2)
            return process.returncode, words.decode(errors="replace")
        except subprocess.TimeoutExpired:
            process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail("it neither gives up nor ends when it is told to")
        return None

    def test_without_descriptors_or_memory_it_gives_up_with_words_or_stays_and_nothing_moves(self):
        with Station() as station:
            modbus = station.modbus()
            station.end(station.daemon)
            gave_up = 0
            for limit in ("--nofile=7", "--nofile=10", "--nofile=16", "--as=30000000", "--as=60000000", "--data=1000000"):
                with self.subTest(limit):
                    ended = self.start_under(station, limit)
                    self.assertFalse(DriveView.of(modbus).torque_on)
                    if ended is None:
                        continue
                    status, words = ended
                    gave_up += 1
                    self.assertGreater(status, 0, f"it says what is wrong instead of aborting: {words}")
                    self.assertTrue(words.strip(), "it says why")
            self.assertGreater(gave_up, 0, "at least one of these is too little")
            station.start_daemon()
            self.assertIsNotNone(station.status(), "given all it needs, it serves")
            modbus.close()

    def test_a_station_file_that_is_gone_is_told_by_name(self):
        done = subprocess.run([str(BIN / "plinthd"), "--config", "/nonexistent/station.toml"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/nonexistent/station.toml", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
