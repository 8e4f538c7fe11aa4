"""The page in headless Chromium, against the real programs and the simulated machine and patient."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "system"))

from drive_record import DriveRecord, assert_a_release  # noqa: E402  (its folder is put on the path just above)
from station import Station  # noqa: E402

# What the stories do to the station, and when after it the drive's load must be gone: at once after a Stop, the wire
# and the page counted in; after two seconds when a screen or its gateway is lost, less a heartbeat of a quarter.
DEEDS = {
    "stop-pressed": (0.0, 1.0),
    "patient-page-closed": (1.6, 3.5),
    "gateway-killed": (1.6, 3.5),
}


class Page(unittest.TestCase):
    def test_every_story_of_the_page(self):
        self.assertIsNotNone(shutil.which("node"), "node is missing: apt-get install nodejs npm")
        artifacts = os.environ.get("PLINTH_ARTIFACTS", "build/artifacts")
        with Station(reps=3, with_hmi=True) as station:
            station.prescribe()
            station.start_eyes()
            with DriveRecord(station) as record:
                told, status = self.tell_the_stories(station, artifacts)
                record.wait_until_braked(20)
            self.assertEqual(status, 0, "a story went wrong; see above, and the pictures in " + artifacts)
            self.assert_the_drive_was_released_each_time(record, told)

    def tell_the_stories(self, station, artifacts):
        """What they said, and their exit status."""
        stories = subprocess.Popen(
            ["node", HERE / "run.mjs", "--base", station.url, "--artifacts", artifacts,
             "--gateway-pid", str(station.hmi.pid), "--timeout-s", "90"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        late = threading.Timer(420, stories.kill)
        late.start()
        told = ""
        for line in stories.stdout:
            print(line, end="", flush=True)  # also of stories that are not told to their end
            told += line
        late.cancel()
        stories.stdout.close()
        return told, stories.wait()

    def assert_the_drive_was_released_each_time(self, record, told):
        done_at = {deed: float(at) for deed, at in re.findall(r"^mark  (\S+) (\S+)$", told, re.MULTILINE)}
        self.assertEqual(done_at.keys(), DEEDS.keys())
        for deed, after_s in DEEDS.items():
            with self.subTest(deed):
                took_s = assert_a_release(self, record, done_at[deed], after_s)
                print(f"      {deed}: the load was gone after {took_s:.2f} s", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
