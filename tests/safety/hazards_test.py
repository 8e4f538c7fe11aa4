"""The table of hazards is complete and true: every rule and every fault stands in it, every name in it exists."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(".")
TABLE = ROOT / "controller/safety/hazards.md"


def names(path, pattern):
    return set(re.findall(pattern, (ROOT / path).read_text(encoding="utf-8")))


def rows():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \d+ \|", line):
            number, hazard, control, faults, proof = (cell.strip() for cell in line.strip("|").split("|"))
            yield int(number), hazard, control, faults, proof


class Hazards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = list(rows())
        cls.rules = names("controller/safety/rules.cpp", r'\.name = "(\w+)"')
        cls.refusals = names("controller/rehab/refusal.cpp", r'RefusalText\{\s*\w+,\s*"(\w+)"')
        cls.faults = names("simulator/fault_table.cpp", r'\.name = "([\w.]+)"')
        sources = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.cpp"))
        cls.tests = {f"{a}.{b}" for a, b in re.findall(r"^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\((\w+),\s*(\w+)", sources, re.M)}

    def test_it_is_numbered_without_a_gap(self):
        self.assertEqual([row[0] for row in self.rows], list(range(1, len(self.rows) + 1)))

    def test_every_hazard_has_a_control(self):
        for number, hazard, control, _, _ in self.rows:
            self.assertTrue(hazard and control, f"hazard {number}")

    def test_every_rule_controls_a_hazard_and_every_name_is_a_rule_or_a_refusal(self):
        named = {name for row in self.rows for name in re.findall(r"`(\w+)`", row[2])}
        self.assertEqual(named - self.rules - self.refusals, set())
        self.assertEqual(self.rules - named, set())

    def test_every_fault_of_the_simulator_stands_for_a_hazard(self):
        named = {name for row in self.rows for name in re.findall(r"`([\w.]+)`", row[3])}
        self.assertEqual(named - self.faults, set())
        self.assertEqual(self.faults - named, set())

    def test_every_proof_exists(self):
        for number, _, _, _, proof in self.rows:
            for name in filter(None, (part.strip() for part in proof.split(","))):
                known = (ROOT / name).is_file() if "/" in name else name in self.tests
                self.assertTrue(known, f"hazard {number}: {name}")


if __name__ == "__main__":
    unittest.main()
