"""Builds controller/safety and its tests with clang's source-based coverage, runs them, and says what they cover.

    measure.py ROOT [--jobs N]      builds into ROOT/build/coverage (preset `coverage`)

Lines and branches of controller/safety must all be covered; MC/DC is reported. Exit status 1 when they are not.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

FOLDER = "controller/safety/"


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"coverage: {' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}")
    return done.stdout


def counted_branches(file, source):
    """Each once, however often a template that holds it was made. Without those of a comparison that the compiler wrote
    itself (`= default`): clang maps a branch for each member and counts none of them, so that they seem to go one way
    whatever is compared."""
    lines = source.read_text(encoding="utf-8").splitlines()
    counts = {}
    for *place, true_count, false_count in (branch[:6] for branch in file["branches"]):
        if not lines[place[0] - 1].rstrip().endswith("= default;"):
            taken = counts.setdefault(tuple(place), [0, 0])
            taken[0] += true_count
            taken[1] += false_count
    return [(*place, *taken) for place, taken in counts.items()]


def uncovered(file, branches):
    """The places that no test reached: lines, and branches that went one way only."""
    places = set()
    for line, _, count, has_count, entry, gap in file["segments"]:
        if has_count and entry and not gap and count == 0:
            places.add((line, "never run"))
    for line, column, _, _, true_count, false_count, *_ in branches:
        if true_count == 0:
            places.add((line, f"the condition at column {column} is never true"))
        if false_count == 0:
            places.add((line, f"the condition at column {column} is never false"))
    return sorted(places)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    args = parser.parse_args()
    build = args.root / "build" / "coverage"

    run("cmake", "--preset", "coverage", cwd=args.root)
    run("cmake", "--build", build, "--target", "safety_test", "--parallel", args.jobs)
    raw, data = build / "safety.profraw", build / "safety.profdata"
    program = build / "bin" / "safety_test"
    run(program, "--gtest_brief=1", env=os.environ | {"LLVM_PROFILE_FILE": str(raw)})
    run("llvm-profdata-19", "merge", "-sparse", raw, "-o", data)
    exported = json.loads(
        subprocess.run(["llvm-cov-19", "export", program, f"-instr-profile={data}"], check=True, capture_output=True, cwd=args.root).stdout
    )

    total = {kind: [0, 0] for kind in ("lines", "branches", "mcdc")}
    for file in exported["data"][0]["files"]:
        # What stands before it depends on where a compiler cache found the object.
        _, inside, rest = file["filename"].partition(FOLDER)
        if not inside:
            continue
        name = FOLDER + rest
        for kind in ("lines", "mcdc"):
            covered, count = total[kind]
            summary = file["summary"][kind]
            total[kind] = [covered + summary["covered"], count + summary["count"]]
        branches = counted_branches(file, args.root / name)
        ways = [taken > 0 for branch in branches for taken in branch[4:6]]
        total["branches"] = [total["branches"][0] + sum(ways), total["branches"][1] + len(ways)]
        for line, what in uncovered(file, branches):
            print(f"{name}:{line}: {what}")
    if total["lines"][1] == 0:
        sys.exit(f"coverage: nothing of {FOLDER} was measured")
    percent = {kind: 100.0 * covered / count if count else 100.0 for kind, (covered, count) in total.items()}
    counts = {kind: f"{covered} of {count}" for kind, (covered, count) in total.items()}
    print(
        f"coverage: lines {percent['lines']:.1f} % ({counts['lines']}), branches {percent['branches']:.1f} % "
        f"({counts['branches']}), MC/DC {percent['mcdc']:.1f} % ({counts['mcdc']})"
    )
    complete = all(total[kind][0] == total[kind][1] for kind in ("lines", "branches"))
    sys.exit(0 if complete else 1)


main()
