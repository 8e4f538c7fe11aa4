"""What the drive did, as it says itself, and how a release in good order looks in that."""

import threading
import time

from modbus import DriveView
from station import CUFF_RADIUS_M


class DriveRecord:
    """Samples the drive beside whatever else a test does; times are those of the monotonic clock."""

    def __init__(self, station):
        self._modbus = station.modbus()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.samples = []  # (seconds, DriveView)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._modbus.close()

    def _run(self):
        while not self._over.is_set():
            self.samples.append((time.monotonic(), DriveView.of(self._modbus)))
            time.sleep(0.004)

    def wait_until_braked(self, within_s):
        deadline = time.monotonic() + within_s
        while self.samples[-1][1].brake_released and time.monotonic() < deadline:
            time.sleep(0.05)


def assert_a_release(test, record, since, after_s):
    """After `since` the load stayed, then went away in order within `after_s` = (at the earliest, at the latest);
    the legs were caught, lowered slowly and held by the brake where they hang. All as the drive itself says it.
    Returns after how many seconds the load was gone."""
    loads = [(t, view.added_load_n(CUFF_RADIUS_M)) for t, view in record.samples]
    before = max(load for t, load in loads if since - 0.5 <= t <= since)
    test.assertGreater(before, 60.0, "there was a load to take away")
    little = max(12.0, 0.1 * before)

    def is_gone(at):
        return all(load <= little for t, load in loads if at <= t <= at + 0.3)

    gone = next((t for t, load in loads if t >= since and load <= little and is_gone(t)), None)
    test.assertIsNotNone(gone, "the load went away")
    test.assertGreaterEqual(gone - since, after_s[0], "the stop came too early to be the one meant")
    test.assertLessEqual(gone - since, after_s[1], "the stop came too late")
    falling_from = max(t for t, load in loads if t < gone and load >= 0.8 * before)
    # Legs that turn in a release lose the last of the load as fast as the drive's slew (2000 N·m/s) lets them, those
    # that still rise more slowly. A drive that is switched off takes 80 N of a usual load away within 20 ms.
    fading = [(t, load) for t, load in loads if falling_from <= t <= gone]
    steepest = max(load - later for t, load in fading for at, later in fading if t < at <= t + 0.02)
    test.assertLessEqual(steepest, 60.0, "the load faded, it was not snapped off")

    way_down = [(t, view) for t, view in record.samples if t >= falling_from]
    braked = next((t for t, view in way_down if not view.brake_released), None)
    test.assertIsNotNone(braked, "the brake closed")
    test.assertLess(braked - gone, 20.0, "within 20 s")
    moving = [(t, view) for t, view in way_down if t <= braked]
    # Who loses the guide lets go, up to half a second later: the drive catches the legs.
    test.assertGreater(min(view.velocity_deg_s for _, view in moving), -73.0, "the legs were caught")
    lowered = [view.velocity_deg_s for t, view in moving if t > gone + 1.0]
    test.assertGreater(min(lowered, default=0.0), -15.0, "and lowered slowly")
    at_rest = moving[-1][1]
    test.assertLess(at_rest.angle_deg, -55.0, "to where they hang")
    test.assertFalse(at_rest.watchdog_tripped, "by the daemon, not by the drive's watchdog")
    return gone - since
