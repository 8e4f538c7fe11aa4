"""What tripped on real processes leaves a file, and the file plays back to the same verdict."""

import json
import signal
import subprocess
import time
import unittest

from modbus import DriveView
from station import BIN, CUFF_RADIUS_M, Station


def replay(file, *more):
    return subprocess.run([str(BIN / "plinth-sim"), "replay", str(file), *more], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, check=False)


class Record(unittest.TestCase):
    def test_a_screen_that_dies_mid_set_leaves_a_record_that_plays_back_to_the_same_verdict(self):
        with Station() as station:
            modbus = station.modbus()
            station.prescribe()
            station.start_eyes()
            console = station.start_session()
            station.wait_until(
                lambda: (view := DriveView.of(modbus)).velocity_deg_s > 15
                and view.added_load_n(CUFF_RADIUS_M) > 90, 60, "a lift under load")
            console.send_signal(signal.SIGKILL)
            console.wait()
            modbus.close()
            records = station.folder / "records"
            station.wait_until(lambda: list(records.glob("trip-*.plr")), 30, "the record is kept")
            [file] = records.glob("trip-*.plr")
            self.assertIn("-console_stop-", file.name)

            done = replay(file, "--json")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            told = json.loads(done.stdout)
            self.assertTrue(told["same"])
            self.assertEqual(told["trip"]["cause"], "console_stop")
            self.assertEqual(told["station"], "system test")
            self.assertLess(abs(told["trip"]["unix_ms"] / 1000 - time.time()), 60)
            self.assertGreater(told["compared"], 500)
            self.assertEqual(told["missing"], 0)

            cut = station.folder / "cut.plr"
            whole = file.read_bytes()
            cut.write_bytes(whole[:-300])
            self.assertEqual(replay(cut).returncode, 0, "a cut file is good up to its last whole cycle")
            cut.write_bytes(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
            done = replay(cut)
            self.assertEqual(done.returncode, 2)
            self.assertIn("a byte has changed", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
