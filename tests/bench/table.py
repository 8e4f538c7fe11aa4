#!/usr/bin/python3
"""Runs benchmark programs and prints their results as one table, or as one JSON array.

table.py [--json] [FILTER] PROGRAM...: a PROGRAM is a path to a plinth-bench-*; FILTER is handed to each, and each
prints its results as lines of JSON (bench.hpp).
"""
import json
import subprocess
import sys

Columns = ("name", "value", "unit", "floor", "ratio")


def results(program, filters):
    """The results of one program; a program that fails ends the run, since half a table misleads."""
    done = subprocess.run([program, *filters], stdout=subprocess.PIPE, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{program} ended with status {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def cell(value):
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def table(rows):
    """The rows as aligned text: words to the left, numbers to the right."""
    cells = [Columns, *(tuple(cell(row.get(column)) for column in Columns) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(Columns))]

    def text(line):
        parts = (word.ljust(width) if column in (0, 2) else word.rjust(width)
                 for column, (word, width) in enumerate(zip(line, widths)))
        return "  ".join(parts).rstrip()

    return "\n".join(text(line) for line in cells)


def main():
    asked = sys.argv[1:]
    programs = [word for word in asked if "plinth-bench-" in word]
    filters = [word for word in asked if word not in programs and word != "--json"]
    rows = [row for program in programs for row in results(program, filters)]
    if not rows:
        sys.exit(f"no benchmark matches {' '.join(filters)}")
    print(json.dumps(rows, indent=1) if "--json" in asked else table(rows))


if __name__ == "__main__":
    main()
