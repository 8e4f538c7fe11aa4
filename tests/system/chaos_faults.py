"""What can go wrong between real processes, and what the machine must make of it.

Each fault says what it expects: "on" the set must not be disturbed, "stop" the machine must stop (seen on its wire
within `within_ms` of the fault), "any" either, as long as it is proper. Sizes are drawn from the run's own numbers.
"""

import os
import random
import resource
import signal
import socket
import threading
import time

from station_socket import (CONSOLE, END_SESSION, RESET, START, STOP, VIEWER, bytes_field, command, dial, framed,
                            heartbeat, hello, number_field, varint)

# The oldest data may be three control periods old (10 ms each); one more to see it, half of one for answers.
BLIND_MS = 70
# No telegram for 100 ms: the drive's watchdog; the last one may have come just before the fault.
SILENT_MS = 125
WATCH_MS = 2000 + 350  # a screen's grace, and its last heartbeat
PERSON_MS = 1800  # 0.3 s until a person misses the picture, up to 0.5 s to open the hands, and the rules' dwells

BUS_CAUSES = frozenset((
    "drive_data_stale", "hub_data_stale", "drive_data_frozen", "hub_data_frozen", "drive_watchdog", "drive_ignores",
    "release_unverified", "limits_not_confirmed", "drive_fault", "strap_frozen", "link_poor", "control_stalled",
    "torque_missing", "lowering_amiss", "drive_stopped"))
# One garbled frame in 65 536 passes its sum: then the rules for what cannot be are what is left.
FORGED_CAUSES = BUS_CAUSES | frozenset((
    "angle_jump", "angles_disagree", "forces_disagree", "over_force", "over_speed", "range_crossed", "strap_invalid",
    "unit_restarted", "estop_open", "comfort_stop", "grip_released", "patient_absent", "legs_dropped",
    "drive_over_delivers", "internal", "spasm", "clonus", "uneven", "patient_slid", "hub_fault", "strap_drifts",
    "drive_hot", "estop_disagrees", "sto_disagrees", "brake_fault", "relay_stuck", "limits_loosened"))
PERSON_CAUSES = frozenset((
    "grip_released", "legs_dropped", "tempo_far_off", "sag", "range_crossed", "over_speed", "spasm"))
STOP_CAUSES = frozenset(("console_stop",))


def now_ms():
    return time.monotonic_ns() / 1e6


class Fault:
    """Nothing at all: the control. A set that nobody disturbs must not be stopped."""

    kind = "none"
    expects = "on"
    within_ms = None
    causes = frozenset()
    lasts_s = 1.0
    may_end_the_daemon = False
    restart_after_s = None  # at rest
    with_gateway = False
    daemon_limits = ()  # of the daemon, from its start
    detail = ""

    def __init__(self, rng):
        self.rng = rng
        self.first_ms = None
        self.felt = 1

    def begin(self, run):
        self.first_ms = now_ms()

    def end(self, run):
        pass

    def __str__(self):
        return f"{self.kind} {self.detail}".strip()


# ------------------------------------------------------------------------------------------------- the bus


class BusFault(Fault):
    causes = BUS_CAUSES
    way = None  # the proxy's name for it, where it is not ours

    def __init__(self, rng):
        super().__init__(rng)
        self.order = {"fault": self.way or self.kind, "seed": rng.randrange(1 << 30), "answers": True, "requests": False,
                      "unit": rng.choice((0, 0, 1, 2)), "p": 1.0,
                      "for_ms": round(rng.uniform(200, 1200))}
        self.expects = "any"
        self.draw(rng)
        self.lasts_s = self.order["for_ms"] / 1000
        if self.expects == "stop" and self.within_ms is None:
            mute = self.order["requests"] and self.order["unit"] != 2
            self.within_ms = SILENT_MS if mute else BLIND_MS
        told = {key: value for key, value in self.order.items() if key not in ("fault", "seed")}
        self.detail = " ".join(f"{key}={value}" for key, value in told.items())

    def draw(self, rng):
        pass

    def ways(self, rng):
        self.order["answers"], self.order["requests"] = rng.choice(((True, False), (False, True), (True, True)))

    def begin(self, run):
        run.station.misbehave(self.order)

    def end(self, run):
        told = run.station.misbehaved()
        self.felt, self.first_ms = told["felt"], told["first_ms"]


class Delay(BusFault):
    kind = "delay"

    def draw(self, rng):
        self.ways(rng)
        self.order["ms"] = rng.choice((1, 2, 4, 8, 15, 30, 60, 150, 400))
        self.order["jitter_ms"] = rng.choice((0, 0, 1, 10))
        if self.order["ms"] >= 8:
            self.expects = "stop"
            # What is on its way when the delay begins comes later than any telegram after it may: watchdog.
            if self.order["requests"] and self.order["unit"] != 2:
                self.within_ms = SILENT_MS + 5
        elif self.order["ms"] + self.order["jitter_ms"] <= 1 and self.order["answers"] != self.order["requests"]:
            self.expects = "on"


class Drop(BusFault):
    kind = "drop"

    def draw(self, rng):
        self.ways(rng)
        self.order["p"] = rng.choice((0.05, 0.3, 0.7, 1.0, 1.0))
        if self.order["p"] == 1.0:
            self.expects = "stop"


class LoseOne(BusFault):
    kind = "lose_one"
    way = "drop"

    def draw(self, rng):
        self.order["count"] = 1
        self.order["unit"] = rng.choice((1, 2))
        self.expects = "on"


class Duplicate(BusFault):
    kind = "duplicate"

    def draw(self, rng):
        self.order["ms"] = rng.choice((0, 0, 1, 4, 9, 25))
        if self.order["ms"] <= 1:
            self.expects = "on"


class Late(BusFault):
    kind = "late"

    def draw(self, rng):
        self.order["p"] = rng.choice((0.1, 0.5, 1.0))
        if self.order["p"] == 1.0:
            self.expects = "stop"


class Reorder(BusFault):
    kind = "reorder"

    def draw(self, rng):
        self.order["p"] = rng.choice((0.1, 0.5, 1.0))


class Merge(BusFault):
    kind = "merge"

    def draw(self, rng):
        self.ways(rng)
        self.order["p"] = rng.choice((0.1, 0.5, 1.0))


class Truncate(BusFault):
    kind = "truncate"

    def draw(self, rng):
        self.ways(rng)
        self.order["count"] = rng.choice((1, 1, 3, 1000))


class Flip(BusFault):
    kind = "flip"

    def draw(self, rng):
        self.ways(rng)
        self.order["p"] = rng.choice((0.02, 0.2, 0.2, 1.0))
        self.order["bits"] = rng.choice((1, 1, 2, 5))
        self.order["where"] = rng.choice(("pdu", "pdu", "frame"))
        # A garbled register block is refused; a request for one may still be asked for the same words.
        if self.order["p"] == 1.0 and self.order["answers"] and self.order["where"] == "pdu":
            self.expects = "stop"


class Forge(BusFault):
    kind = "forge"
    causes = FORGED_CAUSES

    def draw(self, rng):
        self.order["count"] = rng.choice((1, 1, 2, 5))
        self.order["p"] = rng.choice((0.1, 0.5, 1.0))


class HalfOpen(BusFault):
    kind = "half_open"

    def draw(self, rng):
        self.order["unit"] = 0
        self.expects = "stop"
        self.within_ms = SILENT_MS


class Close(BusFault):
    kind = "close"

    def draw(self, rng):
        self.order["unit"] = 0
        self.order["reset"] = rng.random() < 0.5
        self.order["for_ms"] = rng.choice((1, 50, 300, 1500))
        if self.order["for_ms"] >= 300:
            self.expects = "stop"
            self.within_ms = SILENT_MS


class Dribble(BusFault):
    kind = "dribble"

    def draw(self, rng):
        self.order["ms"] = rng.choice((0.02, 0.2, 1, 3, 8))
        if self.order["ms"] >= 0.2:  # the shortest answer of a reading has 49 bytes
            self.expects = "stop"


class Split(BusFault):
    kind = "split"

    def draw(self, rng):
        self.ways(rng)
        self.order["ms"] = rng.choice((0.05, 0.1, 0.2, 2))
        if self.order["ms"] <= 0.2:
            self.expects = "on"


class WrongHeader(BusFault):
    kind = "wrong_header"

    def draw(self, rng):
        self.order["what"] = rng.choice(("transaction", "unit", "function", "length"))
        self.order["p"] = rng.choice((0.1, 0.5, 1.0))
        if self.order["p"] == 1.0:
            self.expects = "stop"


class Refuse(BusFault):
    kind = "refuse"

    def draw(self, rng):
        self.order["code"] = rng.choice((1, 2, 4, 6, 11))
        self.order["p"] = rng.choice((0.1, 1.0))
        if self.order["p"] == 1.0:
            self.expects = "stop"


# ----------------------------------------------------------------------------------------------- processes


class SignalFault(Fault):
    """SIGKILL, or SIGSTOP and after a while SIGCONT."""

    def __init__(self, rng):
        super().__init__(rng)
        self.process = None
        self.draw(rng)
        if self.signal == signal.SIGSTOP:
            self.detail = f"for_ms={self.lasts_s * 1000:.0f}"

    signal = signal.SIGSTOP

    def draw(self, rng):
        pass

    def victim(self, run):
        raise NotImplementedError

    def begin(self, run):
        self.process = self.victim(run)
        os.kill(self.process.pid, self.signal)
        super().begin(run)

    def end(self, run):
        if self.signal == signal.SIGSTOP:
            os.kill(self.process.pid, signal.SIGCONT)


class DaemonKilled(SignalFault):
    kind = "daemon_killed"
    signal = signal.SIGKILL
    expects, within_ms = "stop", SILENT_MS
    causes = frozenset(("boot", "drive_watchdog"))
    may_end_the_daemon = True
    lasts_s = 0.0

    def draw(self, rng):
        # Its service manager starts it again at once, or the legs are down before that.
        self.restart_after_s = rng.choice((0.0, 0.3, 1.5, None))
        waits = "at rest" if self.restart_after_s is None else f"after {self.restart_after_s} s"
        self.detail = f"restarted {waits}"

    def victim(self, run):
        return run.station.daemon

    def end(self, run):
        self.process.wait()


class DaemonFrozen(SignalFault):
    kind = "daemon_frozen"
    causes = BUS_CAUSES | frozenset(("unit_restarted",))

    def draw(self, rng):
        self.lasts_s = rng.choice((0.005, 0.03, 0.06, 0.09, 0.15, 0.4, 1.0, 3.0))
        self.expects = "stop" if self.lasts_s >= 0.15 else "any"
        self.within_ms = SILENT_MS

    def victim(self, run):
        return run.station.daemon


class EyesKilled(SignalFault):
    """The patient's picture is gone: a person who sees no guide lets go."""

    kind = "picture_killed"
    signal = signal.SIGKILL
    expects, within_ms = "stop", PERSON_MS
    causes = PERSON_CAUSES
    lasts_s = 2.0

    def victim(self, run):
        return run.eyes

    def end(self, run):
        self.process.wait()
        run.eyes = run.station.start_eyes()


class EyesFrozen(SignalFault):
    kind = "picture_frozen"
    causes = PERSON_CAUSES

    def draw(self, rng):
        self.lasts_s = rng.choice((0.1, 2.5))
        self.expects = "stop" if self.lasts_s > 1 else "on"
        self.within_ms = PERSON_MS

    def victim(self, run):
        return run.eyes


class GatewayKilled(SignalFault):
    kind = "gateway_killed"
    signal = signal.SIGKILL
    with_gateway = True
    expects, within_ms = "stop", WATCH_MS
    causes = STOP_CAUSES
    lasts_s = 2.5

    def victim(self, run):
        return run.station.hmi


class GatewayFrozen(SignalFault):
    kind = "gateway_frozen"
    with_gateway = True
    causes = STOP_CAUSES

    def draw(self, rng):
        self.lasts_s = rng.choice((1.0, 3.0))
        self.expects = "stop" if self.lasts_s > 2.5 else "on"
        self.within_ms = WATCH_MS

    def victim(self, run):
        return run.station.hmi


class ConsoleVanishes(Fault):
    kind = "console_vanishes"
    expects, within_ms = "stop", WATCH_MS
    causes = STOP_CAUSES
    lasts_s = 3.0

    def begin(self, run):
        super().begin(run)
        run.console.vanish()


class ConsoleFreezes(Fault):
    kind = "console_freezes"
    causes = STOP_CAUSES

    def __init__(self, rng):
        super().__init__(rng)
        self.lasts_s = rng.choice((1.0, 3.0))
        self.expects = "stop" if self.lasts_s > 2.5 else "on"
        self.within_ms = WATCH_MS
        self.detail = f"for_ms={self.lasts_s * 1000:.0f}"

    def begin(self, run):
        super().begin(run)
        run.console.freeze()

    def end(self, run):
        run.console.thaw()


# ----------------------------------------------------------------------------------------------- resources


class Crowd:
    """Connections to the local socket that are opened, used and kept, and all closed in the end."""

    def __init__(self, path):
        self._path = path
        self._peers = []

    def join(self, count, *first):
        for _ in range(count):
            try:
                peer = dial(self._path, 0.5)
            except OSError:
                continue
            self._peers.append(peer)
            for data in first:
                self.say(peer, data)
        return len(self._peers)

    @staticmethod
    def say(peer, data):
        try:
            peer.settimeout(0.2)
            peer.sendall(data)
            return True
        except OSError:
            return False

    def all_say(self, data):
        return sum(self.say(peer, data) for peer in self._peers)

    def leave(self):
        for peer in self._peers:
            peer.close()
        self._peers.clear()


class CrowdFault(Fault):
    lasts_s = 1.5

    def __init__(self, rng):
        super().__init__(rng)
        self.crowd = None

    def end(self, run):
        self.crowd.leave()


class Descriptors(CrowdFault):
    """No descriptor is left, and perhaps the bus is lost at the same moment."""

    kind = "descriptors"
    causes = BUS_CAUSES

    def __init__(self, rng):
        super().__init__(rng)
        most = rng.choice((40, 48, 64))
        self.daemon_limits = (f"--nofile={most}",)
        self.and_close = rng.random() < 0.4
        self.expects = "any" if self.and_close else "on"
        self.detail = f"limit={most}" + (" and the bus is closed" if self.and_close else "")

    def begin(self, run):
        super().begin(run)
        self.crowd = Crowd(run.station.socket)
        self.felt = self.crowd.join(100, framed(hello(VIEWER)))
        if self.and_close:
            run.station.misbehave({"fault": "close", "for_ms": 50})

    def end(self, run):
        super().end(run)
        if self.and_close:
            run.station.misbehaved()


class ManySockets(CrowdFault):
    kind = "many_sockets"

    def begin(self, run):
        super().begin(run)
        self.crowd = Crowd(run.station.socket)
        self.felt = self.crowd.join(120, framed(hello(VIEWER)))
        self.felt += self.crowd.join(120)


class Memory(CrowdFault):
    """No page more for the daemon, while clients make it want many."""

    kind = "memory"
    expects = "any"
    causes = BUS_CAUSES | frozenset(("boot",))
    may_end_the_daemon = True

    def __init__(self, rng):
        super().__init__(rng)
        self.spare = rng.choice((0, 256 * 1024, 4 * 1024 * 1024))
        self.detail = f"spare_kib={self.spare // 1024}"

    def begin(self, run):
        super().begin(run)
        pid = run.station.daemon.pid
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            size = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in status if line.startswith("Vm")}
        unlimited = resource.RLIM_INFINITY
        resource.prlimit(pid, resource.RLIMIT_AS, (size["VmSize"] + self.spare, unlimited))
        resource.prlimit(pid, resource.RLIMIT_DATA, (size["VmData"] + self.spare, unlimited))
        self.crowd = Crowd(run.station.socket)
        self.felt = self.crowd.join(50, framed(hello(VIEWER)), varint(60_000) + bytes(59_000))

    def end(self, run):
        super().end(run)
        if run.station.daemon.poll() is None:
            for what in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
                resource.prlimit(run.station.daemon.pid, what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


# ------------------------------------------------------------------------------------------------- clients


class Flood(Fault):
    """Somebody writes to the local socket as fast as it goes, for as long as the fault lasts."""

    lasts_s = 1.5

    def __init__(self, rng):
        super().__init__(rng)
        self._ended = threading.Event()
        self._threads = []
        self._lock = threading.Lock()
        self.felt = 0

    def begin(self, run):
        super().begin(run)
        for _ in range(2):
            thread = threading.Thread(target=self._flood, args=(run.station.socket, self.rng.randrange(1 << 30)),
                                      daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self, run):
        self._ended.set()
        for thread in self._threads:
            thread.join(5)

    def _flood(self, path, seed):
        rng = random.Random(seed)
        while not self._ended.is_set():
            try:
                with dial(path, 0.2) as peer:
                    with self._lock:
                        self.felt += 1
                    self.visit(peer, rng)
            except OSError:
                time.sleep(0.001)

    def visit(self, peer, rng):
        raise NotImplementedError


def drain(peer):
    peer.settimeout(0.0)
    try:
        while peer.recv(65536):
            pass
    except OSError:
        pass
    peer.settimeout(0.2)


class Malformed(Flood):
    kind = "malformed"

    def visit(self, peer, rng):
        if rng.random() < 0.7:
            peer.sendall(framed(hello(rng.choice((VIEWER, VIEWER, 77)))))
        nested = b""
        for _ in range(200):
            nested = bytes_field(2, nested)
        peer.sendall(rng.choice((
            framed(rng.randbytes(rng.randrange(1, 400))),  # no message
            rng.randbytes(rng.randrange(1, 400)),  # no frame
            b"\xff" * 12,  # a length that does not end
            framed(nested),
            framed(bytes_field(9, b"what nobody knows")),
            framed(bytes_field(2, number_field(1, 1) + bytes_field(15, b""))),  # a command nobody knows
            framed(hello(VIEWER)),  # once more
            framed(b""),
            varint(500) + b"half a frame",
        )))
        drain(peer)


class Oversized(Flood):
    kind = "oversized"

    def visit(self, peer, rng):
        peer.sendall(framed(hello(VIEWER)))
        size = rng.choice((65_537, 1 << 20, 1 << 31, (1 << 63) - 1))
        peer.sendall(varint(size))
        for _ in range(40):
            peer.sendall(bytes(16_384))


class Forbidden(Flood):
    """A viewer asks for everything that viewers may not have. (Not for a stop: that is granted to everybody.)"""

    kind = "forbidden"

    def visit(self, peer, rng):
        peer.sendall(framed(hello(VIEWER)))
        for number in range(1, 60):
            peer.sendall(framed(command(number, rng.choice((START, RESET, END_SESSION, 2)))))
            peer.sendall(framed(heartbeat(number)))
            drain(peer)


class AskedInTheSet(Flood):
    """A console asks for what cannot be had while a set runs. A refusal is not a fault."""

    kind = "refused"

    def visit(self, peer, rng):
        peer.sendall(framed(hello(CONSOLE)))
        for number in range(1, 40):
            peer.sendall(framed(command(number, rng.choice((START, RESET, 2)))))
            drain(peer)


class StopFlood(Flood):
    """Everybody may stop, and a flood of stops is still one stop."""

    kind = "stop_flood"
    expects, within_ms = "stop", 100 + 50  # the first one has to get there: two threads, one interpreter
    causes = STOP_CAUSES

    def visit(self, peer, rng):
        peer.sendall(framed(hello(VIEWER)))
        for number in range(1, 100):
            peer.sendall(framed(command(number, STOP)))
        drain(peer)


class QuickConnects(Fault):
    kind = "quick_connects"

    def begin(self, run):
        super().begin(run)
        self.felt = 0
        for i in range(500):
            try:
                with dial(run.station.socket, 0.2) as peer:
                    if i % 3 == 0:
                        peer.sendall(framed(hello(VIEWER)))
                    self.felt += 1
            except OSError:
                time.sleep(0.001)


class Mute(CrowdFault):
    """Clients that never read, and ask all the same."""

    kind = "never_reads"
    lasts_s = 2.0

    def begin(self, run):
        super().begin(run)
        self.crowd = Crowd(run.station.socket)
        questions = b"".join(framed(command(number, 7)) for number in range(1, 400))
        self.felt = self.crowd.join(10, framed(hello(VIEWER)), questions)


KINDS = (
    Fault, Delay, DaemonKilled, Drop, LoseOne, Duplicate, Late, DaemonFrozen, Reorder, Merge, Truncate, Flip,
    ConsoleVanishes, Forge, HalfOpen, Close, Descriptors, Dribble, Split, WrongHeader, Refuse, EyesKilled, EyesFrozen,
    GatewayKilled, GatewayFrozen, ConsoleFreezes, ManySockets, Memory, Malformed, Oversized, Forbidden, AskedInTheSet,
    StopFlood, QuickConnects, Mute)


def fault_for(number, rng, kind=None):
    """Every kind in turn, so that few runs already meet each of them."""
    if kind is None:
        return KINDS[number % len(KINDS)](rng)
    for candidate in KINDS:
        if candidate.__name__.lower() == kind.lower():
            return candidate(rng)
    raise SystemExit(f"there is no fault {kind!r}; there are: " + ", ".join(k.__name__ for k in KINDS))
