"""Runs the tests against every mutant and says which went unnoticed.

    judge.py PROGRAM MUTANTS.JSON [--rules | --sample PERCENT [--seed N]] [--jobs N] [--list FILE]

A mutant is noticed when a test fails, crashes or does not end. One that is not must stand in equivalents.toml with the
reason why nobody could notice it; what stands there and is noticed is an error too. Only tests that reach the mutant
run, the fast ones first, until the first fails. Exit status 0: all noticed or equivalent.
"""

import argparse
import collections
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

BEST = 12  # tests that have noticed most so far
FAST_MS, SLOW_MS = 20, 500  # of the processor: the fast tests run first; the slow ones not for a known equivalent


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("mutants", type=pathlib.Path)
    parser.add_argument("--rules", action="store_true", help="only the removal of each rule")
    parser.add_argument("--sample", type=int, default=100, help="percent of the mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--least", type=float, default=100.0, help="the score that is demanded, in percent")
    parser.add_argument("--file", help="only those of one file")
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
        self.noticed = collections.defaultdict(collections.Counter)

    def run(self, mutant, tests, **more):
        environment = os.environ | {"PLINTH_MUTANT": str(mutant)} | more
        arguments = [self.path, "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=" + ":".join(tests)]
        return subprocess.run(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def first_red(self, mutant, most_ms=sys.maxsize):
        """The test that notices the mutant; nothing when none does."""
        number, file = mutant["id"], mutant["file"]
        reaching = {name: ms for ms, name, numbers in self.tests if number in self.before or number in numbers}
        # What noticed most in the same file is asked first: most mutants fall to one of a few tests.
        best = [name for name, _ in self.noticed[file].most_common(BEST) if reaching.get(name, SLOW_MS) < SLOW_MS]
        batches = [best]
        for low, high in ((0, FAST_MS), (FAST_MS + 1, SLOW_MS), (SLOW_MS + 1, most_ms)):
            batches.append([name for name, ms in reaching.items() if low <= ms <= high and name not in best])
        for tests in filter(None, batches):
            done = self.run(number, tests)
            if done.returncode == 0:
                continue
            if done.returncode == -signal.SIGXCPU:
                return "(does not end)"
            found = re.search(r"\[  FAILED  \] (\S+)", done.stdout)
            if found:
                self.noticed[file][found.group(1)] += 1
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
        reds = list(pool.map(lambda m: program.first_red(m), rules))
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
    if args.file:
        chosen = [m for m in chosen if m["file"] == args.file]
    if args.sample < 100:
        chosen = random.Random(args.seed).sample(chosen, len(chosen) * args.sample // 100)
    def red(mutant):
        is_known = (mutant["file"], mutant["text"], mutant["mutant"]) in known
        found = program.first_red(mutant, SLOW_MS if is_known else sys.maxsize)
        if found is None and not is_known:
            print("unnoticed: " + told(mutant), flush=True)
        return found

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        reds = list(pool.map(red, chosen))

    killed, equivalent, alive = 0, 0, []
    for mutant, noticed in zip(chosen, reds):
        is_known = (mutant["file"], mutant["text"], mutant["mutant"]) in known
        if noticed and is_known:
            print(f"called equivalent, but {noticed} notices it: {told(mutant)}")
            stale.append(None)
        killed += noticed is not None
        equivalent += noticed is None and is_known
        if noticed is None and not is_known:
            alive.append(mutant)
    if args.list:
        args.list.write_text(json.dumps(alive, indent=1))
    score = 100.0 * killed / max(len(chosen) - equivalent, 1)
    which = "" if args.sample == 100 else f" (a sample of {args.sample} %, seed {args.seed})"
    print(f"mutation: {len(chosen)} mutants{which}, {killed} killed, {equivalent} equivalent, score {score:.4g} %")
    return score >= args.least and not stale


def main():
    args = options()
    program = Program(args.program)
    mutants = json.loads(args.mutants.read_text())
    good = judge_rules(program, mutants, args.jobs) if args.rules else judge_mutants(program, mutants, args)
    sys.exit(0 if good else 1)


main()
