"""The main job on real processes and real Modbus traffic, and what third parties see of it."""

import json
import shutil
import signal
import subprocess
import time
import unittest

from drive_record import DriveRecord, assert_a_release
from modbus import DriveView
from station import CUFF_RADIUS_M, Station


class Session(unittest.TestCase):
    def test_a_prescribed_set_is_trained_to_its_end_and_no_frame_on_the_wire_is_malformed(self):
        with Station(reps=2) as station:
            capture = station.folder / "session.pcapng"
            sniffer = self.sniff(station, capture)
            station.prescribe()
            station.start_eyes()
            done = station.ctl("session", "run", check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            summary = json.loads(done.stdout)
            self.assertEqual(summary["reps_counted"], 2)
            self.assert_the_wire_is_clean(station, sniffer, capture)

    def test_mbpoll_reads_the_identity_of_both_units(self):
        with Station() as station:
            for unit, unit_class in ((1, 1), (2, 2)):
                done = subprocess.run(
                    ["mbpoll", "-m", "tcp", "-a", str(unit), "-0", "-t", "3:hex", "-r", "0", "-c", "4", "-1",
                     "-p", str(station.modbus_port), "127.0.0.1"],
                    stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                for word in ("0x5248", "0x5831", f"0x{unit_class:04X}"):
                    self.assertIn(word, done.stdout)

    def test_when_every_screen_vanishes_mid_set_the_load_is_released_and_the_legs_are_lowered(self):
        with Station() as station:
            modbus = station.modbus()
            station.prescribe()
            eyes = station.start_eyes()
            console = station.start_session()
            station.wait_until(
                lambda: (view := DriveView.of(modbus)).velocity_deg_s > 15
                and view.added_load_n(CUFF_RADIUS_M) > 90, 40, "a lift under load")
            with DriveRecord(station) as record:
                time.sleep(0.5)
                killed = time.monotonic()
                console.send_signal(signal.SIGKILL)
                console.wait()
                station.wait_until(lambda: DriveView.of(modbus).added_load_n(CUFF_RADIUS_M) < 12, 8, "the load is gone")
                time.sleep(1.0)
                record.wait_until_braked(20)
            # The watch gives a lost screen two seconds; its last heartbeat may be a quarter of a second old.
            assert_a_release(self, record, killed, after_s=(1.6, 3.5))
            self.assertIsNone(station.daemon.poll(), "the daemon lives on")
            station.end(eyes)
            modbus.close()

    # ---- the wire

    def sniff(self, station, capture):
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed")
        sniffer = subprocess.Popen(
            ["tshark", "-q", "-i", "lo", "-f", f"tcp port {station.modbus_port}", "-w", str(capture)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        station.wait_until(capture.exists, 10, "the capture runs")
        return sniffer

    def assert_the_wire_is_clean(self, station, sniffer, capture):
        sniffer.send_signal(signal.SIGINT)
        sniffer.wait(timeout=20)

        def frames(display_filter):
            done = subprocess.run(
                ["tshark", "-r", str(capture), "-d", f"tcp.port=={station.modbus_port},mbtcp", "-Y", display_filter,
                 "-T", "fields", "-e", "frame.number"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
            return done.stdout.split()

        self.assertGreater(len(frames("modbus")), 1000, "a session's worth of Modbus was seen")
        self.assertEqual(frames("_ws.malformed"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
