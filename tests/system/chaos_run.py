"""One run: a set under load, one fault in the middle of it, and what the machine made of it."""

import dataclasses
import json
import pathlib
import random
import time
import urllib.parse

import chaos_faults
from modbus import DriveView
from station import Exercise, Station
from station_socket import RESET, START, STOP, Console, PatientScreen

# A release: the load is gone 250 ms after its first telegram; while the arm rises it is braked for up to 500 ms.
LOAD_GONE_MS = 550
# Lowering from the top at 10 °/s, the brake, and a patient who holds up the legs for a while.
AT_REST_S = 25
SETTLES_S = 1.5
# The plant must have kept its own time, or its watchdogs measured this computer.
PLANT_LATE_MS = 20
MOMENTS = ("count_in", "lifting", "lifting", "lifting", "holding", "lowering", "lowering", "unloading")


class Wrong(Exception):
    """A run that cannot go on: what was waited for did not come."""


@dataclasses.dataclass
class Result:
    seed: int
    kind: str
    fault: str
    moment: str
    felt: int = 0
    outcome: str = ""  # "went on" or "stopped"
    sign: str = ""
    cause: str = ""
    reaction_ms: float = None  # fault → stop seen on the drive's wire
    gone_ms: float = None  # fault → load gone
    seconds: float = 0.0
    plant_late_ms: float = 0.0
    problems: list = dataclasses.field(default_factory=list)
    void: str = ""  # why the run says nothing: this computer did not keep time, or the person ended the set before


class ChaosRun:
    def __init__(self, seed, kind=None, keep=None):
        self.rng = random.Random(seed)
        self.fault = chaos_faults.fault_for(seed, self.rng, kind)
        self.moment = self.rng.choice(MOMENTS)
        self.share = self.rng.uniform(0.05, 0.9)
        self.rep = self.rng.choice((1, 1, 2))
        self.exercise = Exercise(
            load_n=self.rng.choice((60, 90, 120)), reps=2 if self.moment == "unloading" else 6,
            range_deg=(-60, self.rng.choice((-30, -25, -20))), tempo_s=(2, 1, 2, 0))
        if self.moment == "unloading":
            self.exercise.reps, self.rep = 1, 1
        self.result = Result(seed, self.fault.kind, str(self.fault), f"{self.moment} {self.share:.2f} rep {self.rep}")
        self.keep = keep
        self.station = self.console = self.eyes = self.page = self.modbus = None
        self.runs_asked = 0

    def go(self):
        began = time.monotonic()
        self.station = Station(
            exercise=self.exercise, seed=self.result.seed, through_proxy=True, judged=True,
            with_hmi=self.fault.with_gateway, daemon_limits=self.fault.daemon_limits)
        try:
            with self.station:
                try:
                    self.bring_up()
                    self.reach_the_moment()
                    self.strike()
                    self.see_what_became_of_it()
                    self.train_again()
                except (Wrong, AssertionError, OSError, RuntimeError) as wrong:
                    self.problem(f"{wrong} [{self.view()}]")
                    self.leave_in_order()
                finally:
                    self.close()
                    self.hear_the_plant()
                    if self.result.problems and self.keep:
                        self.keep_the_logs()
        except (OSError, RuntimeError, AssertionError) as wrong:
            self.problem(f"the station did not start: {wrong}")
        self.result.seconds = time.monotonic() - began
        return self.result

    # ---- the way to the fault

    def bring_up(self):
        self.station.prescribe()
        self.modbus = self.station.modbus()
        self.console = Console(self.station.socket)
        self.eyes = self.station.start_eyes()
        if self.fault.with_gateway:
            address = urllib.parse.urlsplit(self.station.url)
            self.page = PatientScreen(address.hostname, address.port)
        self.start_a_set()

    def start_a_set(self):
        """Reset, Start, and the patient's squeeze: until torque is on."""
        self.until(lambda now: now.units_ready, 15, "the units are set up")
        self.until_applied(RESET, lambda now: now.permission != "latched", "the reset")
        self.until_applied(START, lambda now: now.permission in ("armed", "granted"), "the start")
        self.until(lambda now: now.permission == "granted", 12, "both grips are squeezed")
        self.runs_asked += 1
        self.wait(lambda: DriveView.of(self.modbus).torque_on, 3, "torque is on")

    def until_applied(self, what, done, name):
        deadline = time.monotonic() + 15
        answer = None
        while time.monotonic() < deadline:
            if done(self.console.telemetry):
                return
            answer = self.console.ask(what)
            for _ in range(10):
                if done(self.console.telemetry):
                    return
                time.sleep(0.05)
        raise Wrong(f"{name} is not taken: {answer}")

    def reach_the_moment(self):
        def there(now):
            if now.permission == "latched":
                if now.cause in chaos_faults.PERSON_CAUSES:
                    self.result.void = f"the person ended the set first ({now.cause})"
                raise Wrong("the set was stopped before anything was done to it")
            if self.moment == "count_in":
                return now.stage == "count_in" and self.passed(now)
            if self.moment == "unloading":
                return now.stage == "unloading"
            return (now.stage == "training" and now.moment == self.moment and now.rep >= self.rep
                    and self.passed(now))

        self.until(there, 25, f"the moment {self.moment} comes")

    def passed(self, now):
        length = now.moment_length_s
        return length <= 0 or now.moment_left_s <= (1 - self.share) * length

    # ---- the fault

    def strike(self):
        self.fault.begin(self)
        until = time.monotonic() + self.fault.lasts_s
        while time.monotonic() < until:
            time.sleep(0.005)
        self.fault.end(self)
        self.result.felt = self.fault.felt
        if not self.fault.felt:
            self.problem("the fault was not felt")

    def see_what_became_of_it(self):
        self.look_after_the_daemon()
        if not self.console.well:
            self.console.close()
            self.console = self.reconnect()
        until = time.monotonic() + SETTLES_S
        while time.monotonic() < until and not self.latched():
            time.sleep(0.02)
        now = self.console.telemetry
        if self.latched():
            self.result.outcome, self.result.cause = "stopped", now.cause
            self.check_the_words(now)
        elif now.permission == "granted" and now.stage in ("training", "count_in", "unloading"):
            self.result.outcome = "went on"
            if self.console.ask(STOP) != "applied":
                self.problem("a stop was not applied")
        elif now.last_set_end == "completed":
            self.result.outcome = "went on"
        else:
            raise Wrong("neither stopped nor going on")
        self.until_at_rest()
        self.check_what_was_expected()
        self.check_the_door()

    def latched(self):
        return self.console.telemetry.permission == "latched"

    def look_after_the_daemon(self):
        """A daemon that has died is started again, as its service manager would."""
        time.sleep(0.05)
        status = self.station.daemon.poll()
        if status is None:
            return
        if not self.fault.may_end_the_daemon:
            self.problem(f"the daemon ended by itself with status {status}")
        if self.fault.restart_after_s is None:
            self.until_at_rest()
        else:
            time.sleep(self.fault.restart_after_s)
        self.station.start_daemon()
        self.console.close()
        self.console = self.reconnect()
        self.until(lambda now: now.both_connected, 10, "the new daemon sees its units")
        if not self.latched():
            self.problem(f"a new daemon is not latched: {self.view()}")

    def reconnect(self):
        deadline = time.monotonic() + 8
        while True:
            try:
                return Console(self.station.socket)
            except OSError as wrong:
                if time.monotonic() > deadline:
                    raise Wrong(f"the daemon does not answer: {wrong}") from wrong
                time.sleep(0.1)

    def check_the_door(self):
        """Whatever came through the socket: whoever comes next is let in."""
        began = time.monotonic()
        self.reconnect().close()
        if time.monotonic() - began > 3:
            self.problem("the daemon took long to let a new screen in")

    def check_the_words(self, now):
        for name in ("patient_words", "physio_words", "next_step", "cause", "latch"):
            if not getattr(now, name):
                self.problem(f"latched, and does not say {name}")

    def check_what_was_expected(self):
        result = self.result
        if result.outcome == "went on":
            if self.fault.expects == "stop" and self.moment != "unloading":
                self.problem("the set went on, and should have been stopped")
            return
        if self.fault.expects == "on":
            self.problem(f"the set was stopped ({result.cause}), and should have gone on")
        elif result.cause not in self.fault.causes:
            self.problem(f"the cause told is {result.cause}")

    def until_at_rest(self):
        def rests():
            view = DriveView.of(self.modbus)
            return not view.torque_on and not view.brake_released

        self.wait(rests, AT_REST_S, "torque off and the brake shut")

    # ---- afterwards

    def train_again(self):
        if self.console.telemetry.latch == "service":  # which asks for more than a console: a restart after service
            self.console.close()
            self.station.end(self.station.daemon)
            self.station.start_daemon()
            self.console = self.reconnect()
        self.start_a_set()
        self.until(lambda now: now.stage in ("count_in", "training"), 5, "the next set begins")
        if self.console.ask(STOP) != "applied":
            self.problem("the last stop was not applied")
        self.until_at_rest()

    def leave_in_order(self):
        """Whatever went wrong, the plant's report shall be of a whole run."""
        try:
            if self.console and self.console.well:
                self.console.ask(STOP)
            if self.modbus:
                self.until_at_rest()
        except (Wrong, OSError, RuntimeError):
            pass

    def close(self):
        for client in (self.console, self.page, self.modbus):
            if client:
                client.close()

    def hear_the_plant(self):
        try:
            report = self.station.end_simulator()
        except (OSError, ValueError) as wrong:
            self.problem(f"no report of the plant: {wrong}")
            return
        self.result.plant_late_ms = report["latest_tick_ms"]
        if report["latest_tick_ms"] > PLANT_LATE_MS:
            self.result.void = f"the plant was {report['latest_tick_ms']:.0f} ms late"
        for reason in report["unsafe_reasons"]:
            self.problem(f"UNSAFE: {reason}")
        runs = report["runs"]
        if len(runs) != self.runs_asked:
            self.problem(f"torque came on {len(runs)} times, asked for {self.runs_asked}")
        for run in runs:
            self.check_the_stop(run)
        if not report["at_rest"]:
            self.problem(f"not at rest in the end: {report['angle_deg']}°, {report['load_left_n']} N")
        if runs and self.fault.first_ms and runs[0].get("stopped_ms"):
            self.check_the_time(runs[0])

    def check_the_stop(self, run):
        if run["stopped_ms"] is None or run["ended_ms"] is None:
            self.problem("a run did not end")
            return
        if run["load_gone_ms"] is None or run["load_gone_ms"] - run["stopped_ms"] > LOAD_GONE_MS:
            self.problem("the load was not gone in time")
        if run["sign"] != "disabled" and run["ended_at_deg"] > -55:
            self.problem(f"the brake shut at {run['ended_at_deg']}°, not at rest")

    def check_the_time(self, run):
        result, first = self.result, self.fault.first_ms
        stopped_by_us = result.outcome == "went on" or run["stopped_ms"] < first
        result.sign = run["sign"]
        if stopped_by_us:
            return
        result.reaction_ms = run["stopped_ms"] - first
        if run["load_gone_ms"] is not None:
            result.gone_ms = run["load_gone_ms"] - first
        if self.fault.expects == "stop" and result.reaction_ms > self.fault.within_ms:
            self.problem(f"stopped {result.reaction_ms:.0f} ms after the fault, allowed {self.fault.within_ms}")

    def keep_the_logs(self):
        folder = pathlib.Path(self.keep) / f"seed-{self.result.seed}"
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.station.folder.iterdir():
            if file.is_file():
                (folder / file.name).write_bytes(file.read_bytes())
        (folder / "result.json").write_text(json.dumps(dataclasses.asdict(self.result), indent=2))

    # ---- small things

    def problem(self, what):
        self.result.problems.append(what)

    def view(self):
        return str(self.console.telemetry) if self.console and self.console.telemetry else "no view"

    def until(self, condition, seconds, what):
        def holds():
            if self.console.lost:
                raise Wrong(f"the console's connection was closed ({self.console.goodbye or 'no goodbye'}) "
                            f"before: {what}")
            return condition(self.console.telemetry)

        self.wait(holds, seconds, what)

    @staticmethod
    def wait(condition, seconds, what):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise Wrong(f"not within {seconds} s: {what}")
            time.sleep(0.01)
