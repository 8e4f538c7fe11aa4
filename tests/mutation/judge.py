"""Runs the tests against every mutant and says which went unnoticed.

    judge.py PROGRAM MUTANTS.JSON [--rules | --sample PERCENT [--seed N]] [--jobs N] [--list FILE]

A mutant is noticed when a test fails, crashes or does not end. One that is not must stand in equivalents.toml with the
reason why nobody could notice it; what stands there and is noticed is an error too. Only tests that reach the mutant
run, the fast ones first, until the first fails. Exit status 0: all noticed or equivalent.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import tomllib

FAST_MS = 20  # of the processor: tests up to here run before the others


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("mutants", type=pathlib.Path)
    parser.add_argument("--rules", action="store_true", help="only the removal of each rule")
    parser.add_argument("--sample", type=int, default=100, help="percent of the mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--list", type=pathlib.Path, help="write what went unnoticed here")
    return parser.parse_args()


class Program:
    """The test program: what each of its tests reaches, and how it fares with one mutant."""

    def __init__(self, path):
        self.path = path
        with tempfile.NamedTemporaryFile("r", suffix=".reach") as reach:
            done = self.run(0, ["*"], PLINTH_MUTANT_REACH=reach.name)
            if done.returncode != 0:
                sys.exit("mutation: the tests fail without any mutant:\n" + done.stdout[-3000:])
            rows = [line.split() for line in reach.read().splitlines()]
        self.before, self.inapplicable, self.tests = set(), set(), []
        for name, ms, *numbers in rows:
            numbers = set(map(int, numbers))
            if name == "*before*":
                self.before = numbers  # constants, set before any test: no test says which it depends on
            elif name == "*inapplicable*":
                self.inapplicable = numbers
            else:
                self.tests.append((int(ms), name, numbers))
        self.tests.sort(key=lambda test: (test[0], test[1]))

    def run(self, mutant, tests, **more):
        environment = os.environ | {"PLINTH_MUTANT": str(mutant)} | more
        arguments = [self.path, "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=" + ":".join(tests)]
        return subprocess.run(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def first_red(self, mutant):
        """The test that notices the mutant; nothing when none does."""
        everywhere = mutant in self.before
        for fast in (True, False):
            tests = [name for ms, name, numbers in self.tests if (ms <= FAST_MS) == fast and (everywhere or mutant in numbers)]
            if not tests:
                continue
            done = self.run(mutant, tests)
            if done.returncode == 0:
                continue
            if done.returncode == -signal.SIGXCPU:
                return "(does not end)"
            found = re.search(r"\[  FAILED  \] (\S+)", done.stdout)
            return found.group(1) if found else "(crashes)"
        return None


def equivalents():
    path = pathlib.Path(__file__).with_name("equivalents.toml")
    entries = tomllib.loads(path.read_text()).get("equivalent", [])
    return {(e["file"], e["line"], e["mutant"]): e["why"] for e in entries}


def told(mutant):
    return f"{mutant['file']}:{mutant['line']}: {mutant['mutant']}\n    {mutant['text']}"


def judge_rules(program, mutants, jobs):
    rules = [m for m in mutants if m["mutant"] == "rule removed"]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        reds = list(pool.map(lambda m: program.first_red(m["id"]), rules))
    for rule, red in zip(rules, reds):
        print(f"  without {rule['text']:<22} {red or 'EVERYTHING STAYS GREEN'}")
    needed = sum(red is not None for red in reds)
    print(f"rules: {len(rules)} removed one by one, {needed} noticed")
    return needed == len(rules)


def judge_mutants(program, mutants, args):
    known = equivalents()
    listed = {(m["file"], m["text"], m["mutant"]) for m in mutants}
    stale = [key for key in known if key not in listed]
    for file, line, mutant in stale:
        print(f"no longer there: {file}: {mutant}\n    {line}")

    chosen = [m for m in mutants if m["mutant"] != "rule removed" and m["id"] not in program.inapplicable]
    if args.sample < 100:
        chosen = random.Random(args.seed).sample(chosen, len(chosen) * args.sample // 100)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        reds = list(pool.map(lambda m: program.first_red(m["id"]), chosen))

    killed, equivalent, alive = 0, 0, []
    for mutant, red in zip(chosen, reds):
        is_known = (mutant["file"], mutant["text"], mutant["mutant"]) in known
        if red and is_known:
            print(f"called equivalent, but {red} notices it: {told(mutant)}")
            stale.append(None)
        killed += red is not None
        equivalent += red is None and is_known
        if red is None and not is_known:
            alive.append(mutant)
    for mutant in alive:
        print("unnoticed: " + told(mutant))
    if args.list:
        args.list.write_text(json.dumps(alive, indent=1))
    score = 100.0 * killed / max(len(chosen) - equivalent, 1)
    which = "" if args.sample == 100 else f" (a sample of {args.sample} %, seed {args.seed})"
    print(f"mutation: {len(chosen)} mutants{which}, {killed} killed, {equivalent} equivalent, score {score:.4g} %")
    return not alive and not stale


def main():
    args = options()
    program = Program(args.program)
    mutants = json.loads(args.mutants.read_text())
    good = judge_rules(program, mutants, args.jobs) if args.rules else judge_mutants(program, mutants, args)
    sys.exit(0 if good else 1)


main()
