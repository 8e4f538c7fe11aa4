#!/usr/bin/env python3
"""Real processes, one fault each: simulator, proxy and daemon on loopback, judged by the plant.

    chaos_test.py --runs 35 --seed 1 [--jobs 2] [--fault NAME] [--keep FOLDER] [--table FILE]
    chaos_test.py --one 17          the run of that seed again, told in full

A run in which this computer did not keep real time, or whose person ended the set before anything was done to it, says
nothing: it is done once more, alone. Exit status 1 when a run failed, or said nothing twice.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import pathlib
import subprocess
import sys

from chaos_run import ChaosRun, Result

HERE = pathlib.Path(__file__)
RUN_S = 150


def one(seed, fault, keep):
    """In a process of its own, so that no run waits for another's interpreter."""
    call = [sys.executable, "-B", str(HERE), "--one", str(seed), "--json"]
    call += ["--fault", fault] if fault else []
    call += ["--keep", str(keep)] if keep else []
    try:
        done = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RUN_S,
                              check=False)
        return Result(**json.loads(done.stdout))
    except (ValueError, TypeError):
        return Result(seed, "?", "?", "?", problems=["the run broke: " + done.stderr.strip()[-600:]])
    except subprocess.TimeoutExpired:
        return Result(seed, "?", "?", "?", problems=[f"not over after {RUN_S} s"])


def line_of(result):
    state = "FAILED" if result.problems else "ok"
    times = f"{result.reaction_ms:.0f} ms" if result.reaction_ms is not None else "-"
    gone = f"{result.gone_ms:.0f} ms" if result.gone_ms is not None else "-"
    return (f"{state:6} seed {result.seed:<5} {result.fault} | at {result.moment} | {result.outcome or '?'} "
            f"{result.cause or ''} | {result.sign or '-'} after {times}, load gone after {gone} | "
            f"{result.seconds:.0f} s, plant {result.plant_late_ms:.0f} ms late")


def tell(result, fault):
    print(line_of(result), flush=True)
    for problem in result.problems:
        print(f"       {problem}")
    if result.problems:
        again = f" --fault {fault}" if fault else ""
        print(f"       replay: tests/system/chaos_test.py --one {result.seed}{again}", flush=True)


def worst(values):
    values = [value for value in values if value is not None]
    return f"{max(values):.0f}" if values else "–"


def table(results):
    rows = ["| fault | runs | went on | stopped | told as | slowest stop, ms | slowest unload, ms | failed |",
            "|---|---|---|---|---|---|---|---|"]
    by_kind = collections.defaultdict(list)
    for result in results:
        by_kind[result.kind].append(result)
    for kind in sorted(by_kind):
        mine = by_kind[kind]
        causes = sorted({result.cause for result in mine if result.cause})
        rows.append(
            f"| {kind} | {len(mine)} | {sum(r.outcome == 'went on' for r in mine)} "
            f"| {sum(r.outcome == 'stopped' for r in mine)} | {', '.join(causes) or '–'} "
            f"| {worst(r.reaction_ms for r in mine)} | {worst(r.gone_ms for r in mine)} "
            f"| {sum(bool(r.problems) for r in mine)} |")
    return "\n".join(rows)


def many(arguments):
    seeds = range(arguments.seed, arguments.seed + arguments.runs)
    results, again = [], []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        work = [pool.submit(one, seed, arguments.fault, arguments.keep) for seed in seeds]
        for done in concurrent.futures.as_completed(work):
            result = done.result()
            if result.void:
                again.append(result.seed)
                print(f"again  seed {result.seed}: {result.void}", flush=True)
                continue
            results.append(result)
            tell(result, arguments.fault)
    for seed in again:
        result = one(seed, arguments.fault, arguments.keep)
        if result.void and not result.problems:
            result.problems.append(f"says nothing, twice: {result.void}")
        results.append(result)
        tell(result, arguments.fault)
    text = table(results)
    print(text)
    if arguments.table:
        arguments.table.write_text(text + "\n", encoding="utf-8")
    failed = sum(bool(result.problems) for result in results)
    print(f"{len(results)} runs, {failed} failed")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=35)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each next run takes the next number")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side")
    parser.add_argument("--one", type=int, metavar="SEED", help="one run, told in full")
    parser.add_argument("--fault", help="this kind of fault instead of each in turn")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the logs of runs that failed")
    parser.add_argument("--table", type=pathlib.Path, help="write the table to this file as well")
    parser.add_argument("--json", action="store_true", help="with --one: the result as JSON")
    arguments = parser.parse_args()
    if arguments.one is None:
        return many(arguments)
    result = ChaosRun(arguments.one, arguments.fault, arguments.keep).go()
    if arguments.json:
        print(json.dumps(dataclasses.asdict(result)))
    else:
        tell(result, arguments.fault)
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
