#!/usr/bin/python3
"""The table of `./plinth bench`: every result in one line, numbers aligned, a missing floor said."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

Table = pathlib.Path(__file__).with_name("table.py")


class TableOfResults(unittest.TestCase):
    def run_table(self, *arguments, lines, status=0):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "plinth-bench-one")
            program.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines) + f"exit {status}\n")
            program.chmod(0o755)
            return subprocess.run([sys.executable, "-B", str(Table), *arguments, str(program)],
                                  capture_output=True, text=True, check=False)

    One = '{"name": "a", "value": 12.5, "unit": "ns", "floor": 10.0, "ratio": 1.25}'
    Two = '{"name": "longer", "value": 3.0, "unit": "us", "floor": null, "ratio": null}'

    def test_shows_each_result_beside_its_floor(self):
        done = self.run_table(lines=[self.One, self.Two, "a word to people"])
        self.assertEqual(done.stdout, "name    value  unit  floor  ratio\n"
                                      "a        12.5  ns       10   1.25\n"
                                      "longer      3  us        -      -\n")

    def test_gives_programs_one_array(self):
        done = self.run_table("--json", lines=[self.One, self.Two])
        self.assertEqual(json.loads(done.stdout), [json.loads(self.One), json.loads(self.Two)])

    def test_says_when_nothing_matches(self):
        done = self.run_table("unheard-of", lines=[])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("unheard-of", done.stderr)

    def test_shows_no_half_table_when_a_benchmark_fails(self):
        done = self.run_table(lines=[self.One], status=3)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
