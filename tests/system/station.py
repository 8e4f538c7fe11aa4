"""Starts the real programs against the simulator on loopback, each in its own process, and ends just those."""

import dataclasses
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from modbus import Modbus

BIN = pathlib.Path(os.environ.get("PLINTH_BIN", "build/bin"))
WEB = os.environ.get("PLINTH_WEB", "build/web")
# The simulated machine keeps real time where the system grants it: its watchdogs must measure the daemon, not
# whatever else this computer does.
HERE = pathlib.Path(__file__).parent
REAL_TIME = ["chrt", "--fifo", "60"]
if not shutil.which("chrt") or subprocess.run([*REAL_TIME, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
    REAL_TIME = []
CUFF_RADIUS_M = 0.45 * 1.75  # the simulated person of 78 kg


@dataclasses.dataclass
class Exercise:
    """What is prescribed: to the daemon, and to the plant's judge."""

    load_n: int = 120
    reps: int = 4
    range_deg: tuple = None  # the phase's own when absent
    tempo_s: tuple = None  # lift, hold, lower, rest

    def scenario(self):
        lines = [f'phase = "strength"\nload_n = {self.load_n}\nsets = 1\nreps = {self.reps}']
        if self.range_deg:
            lines.append("range_deg = [{}, {}]".format(*self.range_deg))
        if self.tempo_s:
            lines.append("tempo_s = {{ lift = {}, hold = {}, lower = {}, rest = {} }}".format(*self.tempo_s))
        return "\n".join(lines) + "\n"

    def options(self):
        options = ["--phase", "strength", "--mass", 78, "--load", self.load_n, "--sets", 1, "--reps", self.reps]
        if self.range_deg:
            options.append("--range={}:{}".format(*self.range_deg))
        if self.tempo_s:
            options += ["--tempo", "{}-{}-{}-{}".format(*self.tempo_s)]
        return options


class Station:
    """Simulator, plinthd and (when asked) plinth-hmi; a temporary folder holds all they write.

    `through_proxy`: the daemon reaches the units through proxy.py. `judged`: the simulator reports what its judge saw.
    `daemon_limits`: options of prlimit(1) under which the daemon runs.
    """

    def __init__(self, model="steady", reps=4, with_hmi=False, exercise=None, seed=1, through_proxy=False,
                 judged=False, daemon_limits=()):
        self._folder = tempfile.TemporaryDirectory(prefix="plinth-system-")
        self.folder = pathlib.Path(self._folder.name)
        self.socket = self.folder / "plinthd.sock"
        self._running = []
        self._model = model
        self._exercise = exercise or Exercise(reps=reps)
        self._with_hmi = with_hmi
        self._seed = seed
        self._report = self.folder / "report.json" if judged else None
        self._through_proxy = through_proxy
        self._under_limits = ["prlimit", *daemon_limits] if daemon_limits else []
        self.url = None

    def __enter__(self):
        try:
            self.start_simulator()
            self.bus_port = self.start_proxy() if self._through_proxy else self.modbus_port
            self.write_config()
            self.start_daemon()
            if self._with_hmi:
                self.start_hmi()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self._running):
            self.end(process)
        self._folder.cleanup()

    # ---- processes

    def start(self, *command, announces=None, stdin=subprocess.DEVNULL):
        """Starts a program; `announces`: a pattern whose first group on its standard output is returned."""
        program = next(pathlib.Path(part) for part in command if isinstance(part, pathlib.Path))
        with open(self.folder / f"{program.stem}.log", "ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=stdin,
                stdout=subprocess.PIPE if announces else log,
                stderr=log,
            )
        self._running.append(process)
        if not announces:
            return process, None
        for line in process.stdout:
            match = re.search(announces, line.decode(errors="replace"))
            if match:
                return process, match.group(1)
        raise RuntimeError(f"{program.name} ended before it was listening")

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def start_simulator(self):
        scenario = self.folder / "patient.toml"
        scenario.write_text(
            f'schema = 1\nname = "system test"\nduration_s = 600\n'
            f'[patient]\nmass_kg = 78\nmodel = "{self._model}"\n'
            f"[prescription]\n{self._exercise.scenario()}"
            f'[expect]\nend = "completed"\n'
        )
        report = ["--report", self._report] if self._report else []
        self.simulator, address = self.start(
            *REAL_TIME, BIN / "plinth-sim", "serve", "--listen", "tcp:127.0.0.1:0", "--scenario", scenario,
            "--seed", self._seed, *report, announces=r"listening tcp:127\.0\.0\.1:(\d+)",
        )
        self.modbus_port = int(address)

    def start_proxy(self):
        self.proxy, address = self.start(
            *REAL_TIME, sys.executable, "-B", HERE / "proxy.py", "--to", f"127.0.0.1:{self.modbus_port}",
            announces=r"listening tcp:127\.0\.0\.1:(\d+)", stdin=subprocess.PIPE,
        )
        return int(address)

    def misbehave(self, order):
        """Begins a fault of the bus (see proxy.py)."""
        self.proxy.stdin.write(json.dumps(order).encode() + b"\n")
        self.proxy.stdin.flush()

    def misbehaved(self):
        """Waits for that fault's end; what it did."""
        ready, _, _ = select.select([self.proxy.stdout], [], [], 5)
        if not ready:
            raise RuntimeError("the proxy does not end its fault")
        return json.loads(self.proxy.stdout.readline())

    def end_simulator(self):
        """Ends the simulated machine; gives its judge's report."""
        self.end(self.simulator)
        return json.loads(self._report.read_text())

    def write_config(self):
        web = pathlib.Path(WEB)
        if not web.is_dir():  # nobody looks at the page here
            web = self.folder / "web"
            web.mkdir()
            (web / "index.html").write_text("<!doctype html><title>Plinth</title>")
        self.config = self.folder / "station.toml"
        self.config.write_text(
            "schema = 1\n"
            '[station]\nname = "system test"\nsimulation = true\n'
            "[control]\nperiod_ms = 10\n"
            f'[drive]\nlink = "tcp:127.0.0.1:{self.bus_port}"\nunit = 1\n'
            f'[hub]\nlink = "tcp:127.0.0.1:{self.bus_port}"\nunit = 2\n'
            f'[service]\nsocket = "{self.socket}"\n'
            f'[prescription]\nfile = "{self.folder}/prescription.json"\n'
            f'[hmi]\nlisten = "127.0.0.1:0"\nsocket = "{self.socket}"\nweb = "{web.resolve()}"\n'
        )

    def start_daemon(self):
        self.daemon, _ = self.start(*self._under_limits, BIN / "plinthd", "--config", self.config)
        self.wait_until(lambda: self.status() is not None, 10, "the daemon answers")

    def start_hmi(self):
        self.hmi, self.url = self.start(
            BIN / "plinth-hmi", "--config", self.config, announces=r"listening (http://\S+)"
        )

    def start_eyes(self):
        """Lets the simulated patient see the guide."""
        eyes, _ = self.start(
            BIN / "plinthctl", "--socket", self.socket, "simulate-patient",
            "--eyes", f"tcp:127.0.0.1:{self.modbus_port}",
        )
        return eyes

    def start_session(self):
        """Runs the prescribed session in the background, as a physio at the console would."""
        process, _ = self.start(BIN / "plinthctl", "--socket", self.socket, "--json", "session", "run")
        return process

    # ---- questions

    def ctl(self, *arguments, check=True):
        done = subprocess.run(
            [str(BIN / "plinthctl"), "--socket", str(self.socket), "--json", *map(str, arguments)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"plinthctl {' '.join(map(str, arguments))}: {done.stdout} {done.stderr}")
        return done

    def status(self):
        done = self.ctl("status", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def prescribe(self, *more):
        self.ctl("prescription", "set", *self._exercise.options(), *more)

    def modbus(self):
        return Modbus("127.0.0.1", self.modbus_port)

    @staticmethod
    def wait_until(condition, seconds, what):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.02)
        raise AssertionError(f"not within {seconds} s: {what}")
