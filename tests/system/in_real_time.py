#!/usr/bin/env python3
"""Runs a test that measures real time, and runs it again when this computer stood still meanwhile.

    in_real_time.py COMMAND [ARGUMENT ...]

A computer that is taken off its processors for longer than a few control periods, as a crowded host does with its
guests, lets nobody train: the daemon ends the set, as it must. What a test then says is nothing about the programs.
So standstills are measured beside the test, at the priority of the simulated machine, and a failure counts only when
there were none. Exit status: that of the test; 77, skipped, with the figures, when the computer did not keep time in
any of three attempts.
"""

import os
import shutil
import subprocess
import sys
import time

ATTEMPTS = 3
SKIPPED = 77
TICK_S = 0.002
# Two control periods at once: a cycle without an answer, and the next one late.
STANDSTILL_S = 0.020
# So many shorter ones within a second, each more than half a period, and more than one answer in twenty is late.
SHORT_S, SHORTS_A_SECOND = 0.006, 5
QUIET_S, WAIT_FOR_QUIET_S = 5.0, 90.0


class Timekeeper:
    """How late a process of high priority wakes up."""

    def __init__(self):
        self.worst_s = 0.0
        self.stood_still = False
        self._shorts = []
        self._due = time.monotonic()

    def tick(self):
        self._due += TICK_S
        time.sleep(max(0.0, self._due - time.monotonic()))
        now = time.monotonic()
        late, self._due = now - self._due, max(self._due, now - TICK_S)
        self.worst_s = max(self.worst_s, late)
        if late >= SHORT_S:
            self._shorts = [at for at in self._shorts if at > now - 1.0] + [now]
        self.stood_still = self.stood_still or late >= STANDSTILL_S or len(self._shorts) > SHORTS_A_SECOND


def attempt(command):
    """Exit status, and who kept time."""
    keeper = Timekeeper()
    with subprocess.Popen(command) as test:
        while test.poll() is None:
            keeper.tick()
        return test.returncode, keeper


def wait_for_quiet():
    deadline = time.monotonic() + WAIT_FOR_QUIET_S
    while time.monotonic() < deadline:
        keeper = Timekeeper()
        until = time.monotonic() + QUIET_S
        while time.monotonic() < until and not keeper.stood_still:
            keeper.tick()
        if not keeper.stood_still:
            return


def main(command):
    for number in range(1, ATTEMPTS + 1):
        wait_for_quiet()
        status, keeper = attempt(command)
        if status == 0 or not keeper.stood_still:
            return status
        print(f"in_real_time: attempt {number} says nothing: this computer stood still for up to "
              f"{1e3 * keeper.worst_s:.0f} ms", flush=True)
    return SKIPPED


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # High priority for this process alone: what it starts has the usual one.
    high = ["chrt", "--reset-on-fork", "--fifo", "60"]
    if "PLINTH_HIGH_PRIORITY" not in os.environ and shutil.which("chrt") and subprocess.run(
            [*high, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.execvpe(high[0], [*high, sys.executable, "-B", *sys.argv], {**os.environ, "PLINTH_HIGH_PRIORITY": "1"})
    sys.exit(main(sys.argv[1:]))
