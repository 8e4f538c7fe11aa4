"""A Modbus TCP client of a page, so that the tests see the machine without our driver's eyes."""

import math
import socket
import struct

DRIVE, HUB = 1, 2


class Modbus:
    def __init__(self, host, port):
        self._socket = socket.create_connection((host, port), timeout=1.0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transaction = 0

    def close(self):
        self._socket.close()

    def _receive(self, count):
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise ConnectionError("the server closed the connection")
            data += part
        return data

    def _ask(self, unit, pdu):
        self._transaction = (self._transaction + 1) & 0xFFFF
        self._socket.sendall(struct.pack(">HHHB", self._transaction, 0, len(pdu) + 1, unit) + pdu)
        transaction, protocol, length, answered_by = struct.unpack(">HHHB", self._receive(7))
        answer = self._receive(length - 1)
        assert (transaction, protocol, answered_by) == (self._transaction, 0, unit)
        if answer[0] & 0x80:
            raise RuntimeError(f"Modbus exception {answer[1]}")
        return answer

    def read(self, unit, address, count):
        answer = self._ask(unit, struct.pack(">BHH", 4, address, count))
        return struct.unpack(f">{count}H", answer[2:])


def signed(register):
    return register - 0x10000 if register & 0x8000 else register


class DriveView:
    """What the resistance unit itself reports (registers 0200-0213)."""

    ARM_GRAVITY_NM = 31.0

    def __init__(self, registers):
        status = registers[4]
        self.enabled = bool(status & 1 << 1)
        self.torque_on = bool(status & 1 << 2)
        self.fault_latched = bool(status & 1 << 3)
        self.brake_released = bool(status & 1 << 8)
        self.watchdog_tripped = bool(status & 1 << 10)
        self.angle_deg = math.degrees(signed(registers[9]) * 1e-4)
        self.velocity_deg_s = math.degrees(signed(registers[10]) * 1e-3)
        self.torque_nm = signed(registers[11]) * 0.1

    def added_load_n(self, cuff_radius_m):
        """The load that the machine adds at the strap; never negative: carrying is not loading."""
        arm = self.ARM_GRAVITY_NM * math.cos(math.radians(self.angle_deg))
        return max(0.0, (self.torque_nm + arm) / cuff_radius_m)

    @classmethod
    def of(cls, modbus):
        return cls(modbus.read(DRIVE, 0x0200, 20))
