"""The page in headless Chromium, against the real programs and the simulated machine and patient."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "system"))

from station import Station  # noqa: E402  (its folder is put on the path just above)


class Page(unittest.TestCase):
    def test_every_story_of_the_page(self):
        self.assertIsNotNone(shutil.which("node"), "node is missing: apt-get install nodejs npm")
        artifacts = os.environ.get("PLINTH_ARTIFACTS", "build/artifacts")
        with Station(reps=3, with_hmi=True) as station:
            station.prescribe()
            station.start_eyes()
            done = subprocess.run(
                ["node", HERE / "run.mjs", "--base", station.url, "--artifacts", artifacts,
                 "--gateway-pid", str(station.hmi.pid), "--timeout-s", "90"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                timeout=420, check=False)
            print(done.stdout)
            self.assertEqual(done.returncode, 0, "a story went wrong; see above, and the pictures in " + artifacts)


if __name__ == "__main__":
    unittest.main(verbosity=2)
