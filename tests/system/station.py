"""Starts the real programs against the simulator on loopback, each in its own process, and ends just those."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from modbus import Modbus

BIN = pathlib.Path(os.environ.get("PLINTH_BIN", "build/bin"))
WEB = os.environ.get("PLINTH_WEB", "build/web")
# The simulated machine keeps real time where the system grants it: its watchdogs must measure the daemon, not
# whatever else this computer does.
REAL_TIME = ["chrt", "--fifo", "60"]
if not shutil.which("chrt") or subprocess.run([*REAL_TIME, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
    REAL_TIME = []
CUFF_RADIUS_M = 0.45 * 1.75  # the simulated person of 78 kg


class Station:
    """Simulator, plinthd and (when asked) plinth-hmi; a temporary folder holds all they write."""

    def __init__(self, model="steady", reps=4, with_hmi=False):
        self._folder = tempfile.TemporaryDirectory(prefix="plinth-system-")
        self.folder = pathlib.Path(self._folder.name)
        self.socket = self.folder / "plinthd.sock"
        self._running = []
        self._model = model
        self._reps = reps
        self._with_hmi = with_hmi
        self.url = None

    def __enter__(self):
        try:
            self.start_simulator()
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

    def start(self, *command, announces=None):
        """Starts a program; `announces`: a pattern whose first group on its standard output is returned."""
        with open(self.folder / f"{pathlib.Path(command[0]).name}.log", "ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
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
        raise RuntimeError(f"{command[0]} ended before it was listening")

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
        if process.stdout:
            process.stdout.close()

    def start_simulator(self):
        scenario = self.folder / "patient.toml"
        scenario.write_text(
            f'schema = 1\nname = "system test"\nduration_s = 600\n'
            f'[patient]\nmass_kg = 78\nmodel = "{self._model}"\n'
            f'[prescription]\nphase = "strength"\nload_n = 120\nsets = 1\nreps = {self._reps}\n'
            f'[expect]\nend = "completed"\n'
        )
        self.simulator, address = self.start(
            *REAL_TIME, BIN / "plinth-sim", "serve", "--listen", "tcp:127.0.0.1:0", "--scenario", scenario,
            announces=r"listening tcp:127\.0\.0\.1:(\d+)",
        )
        self.modbus_port = int(address)

    def write_config(self):
        self.config = self.folder / "station.toml"
        self.config.write_text(
            "schema = 1\n"
            '[station]\nname = "system test"\nsimulation = true\n'
            "[control]\nperiod_ms = 10\n"
            f'[drive]\nlink = "tcp:127.0.0.1:{self.modbus_port}"\nunit = 1\n'
            f'[hub]\nlink = "tcp:127.0.0.1:{self.modbus_port}"\nunit = 2\n'
            f'[service]\nsocket = "{self.socket}"\n'
            f'[prescription]\nfile = "{self.folder}/prescription.json"\n'
            f'[hmi]\nlisten = "127.0.0.1:0"\nsocket = "{self.socket}"\nweb = "{pathlib.Path(WEB).resolve()}"\n'
        )

    def start_daemon(self):
        self.daemon, _ = self.start(BIN / "plinthd", "--config", self.config)
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
        self.ctl("prescription", "set", "--phase", "strength", "--mass", 78, "--load", 120,
                 "--sets", 1, "--reps", self._reps, *more)

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
