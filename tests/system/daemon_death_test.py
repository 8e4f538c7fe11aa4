"""What the machine does when its controller dies: the drive alone unloads, lowers and brakes."""

import os
import signal
import time
import unittest

from modbus import DriveView
from station import CUFF_RADIUS_M, Station

WATCHDOG_MS = 100
BOUND_MS = WATCHDOG_MS + 200  # the dead-daemon bound


class DaemonDeath(unittest.TestCase):
    def train_until_lifting_under_load(self, station, modbus):
        station.prescribe()
        station.start_eyes()
        station.start_session()

        def lifting_under_load():
            drive = DriveView.of(modbus)
            return drive.velocity_deg_s > 15 and drive.added_load_n(CUFF_RADIUS_M) > 90 and drive.angle_deg > -45

        station.wait_until(lifting_under_load, 40, "a lift under load")

    def watch_the_drive_alone(self, modbus, began):
        """Samples until the brake is closed; gives when the load was gone, the fastest lowering, the last view."""
        before = DriveView.of(modbus).added_load_n(CUFF_RADIUS_M)
        unloaded_ms, fastest_lowering, fastest_fall, view = None, 0.0, 0.0, None
        while time.monotonic() - began < 20:
            view = DriveView.of(modbus)
            load = view.added_load_n(CUFF_RADIUS_M)
            elapsed_ms = (time.monotonic() - began) * 1000
            if load > max(12.0, 0.1 * before):
                unloaded_ms = None
            elif unloaded_ms is None:
                unloaded_ms = elapsed_ms
            # When the screen goes the patient lets go, up to half a second later: the drive catches the legs.
            fastest_fall = min(fastest_fall, view.velocity_deg_s)
            if elapsed_ms > 1000:
                fastest_lowering = min(fastest_lowering, view.velocity_deg_s)
            if not view.brake_released:
                break
            time.sleep(0.002)
        return unloaded_ms, fastest_lowering, fastest_fall, view

    def assert_the_drive_unloads_lowers_and_brakes(self, modbus, began):
        unloaded_ms, fastest_lowering, fastest_fall, view = self.watch_the_drive_alone(modbus, began)
        self.assertIsNotNone(unloaded_ms, "the added load went away")
        self.assertLessEqual(unloaded_ms, BOUND_MS)
        self.assertGreater(fastest_fall, -73.0, "caught")
        self.assertGreater(fastest_lowering, -15.0, "lowered no faster than 15 degrees a second")
        self.assertFalse(view.brake_released, "the brake closed")
        self.assertLess(view.angle_deg, -55.0, "at rest, not raised")
        self.assertTrue(view.watchdog_tripped)

    def test_killed_mid_rep_the_drive_alone_unloads_lowers_and_brakes_and_a_new_daemon_is_latched(self):
        with Station() as station:
            modbus = station.modbus()
            self.train_until_lifting_under_load(station, modbus)
            os.kill(station.daemon.pid, signal.SIGKILL)
            self.assert_the_drive_unloads_lowers_and_brakes(modbus, time.monotonic())

            station.daemon.wait()
            station.start_daemon()
            station.wait_until(lambda: station.status()["telemetry"]["units"]["drive"].get("connected"), 10,
                               "the new daemon sees the drive")
            safety = station.status()["telemetry"]["safety"]
            self.assertEqual(safety["permission"], "PERMISSION_LATCHED")
            self.assertTrue(safety["physio_words"], "it says why")
            self.assertFalse(DriveView.of(modbus).torque_on)
            self.assertLess(abs(DriveView.of(modbus).torque_nm), 2.0)
            modbus.close()

    def test_frozen_mid_rep_the_drive_alone_unloads_lowers_and_brakes(self):
        with Station() as station:
            modbus = station.modbus()
            self.train_until_lifting_under_load(station, modbus)
            os.kill(station.daemon.pid, signal.SIGSTOP)
            self.assert_the_drive_unloads_lowers_and_brakes(modbus, time.monotonic())
            os.kill(station.daemon.pid, signal.SIGCONT)
            station.wait_until(
                lambda: (station.status() or {}).get("telemetry", {}).get("safety", {}).get("permission")
                == "PERMISSION_LATCHED", 10, "thawed, it is latched")
            self.assertFalse(DriveView.of(modbus).torque_on)
            modbus.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
