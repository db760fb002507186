"""Captures as the recording scripts change them: pcap files, and the UDP payloads in their frames."""
import socket
import struct


def read_pcap(path):
    """(header octets, link type, frames as (seconds, fraction, octets, length on the wire))."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    link = struct.unpack(order + "I", data[20:24])[0] & 0xFFFF
    frames, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, kept, wire = struct.unpack(order + "IIII", data[at : at + 16])
        frames.append((seconds, fraction, data[at + 16 : at + 16 + kept], wire))
        at += 16 + kept
    return (data[:24], order), link, frames


def write_pcap(path, header, frames):
    head, order = header
    with open(path, "wb") as file:
        file.write(head)
        for seconds, fraction, octets, wire in frames:
            file.write(struct.pack(order + "IIII", seconds, fraction, len(octets), wire) + octets)


def _ip_at(link, octets):
    """Where the IP header begins; None where there is none."""
    if link == 1:
        at, kind = 14, struct.unpack(">H", octets[12:14])[0]
        while kind in (0x8100, 0x88A8):
            kind = struct.unpack(">H", octets[at + 2 : at + 4])[0]
            at += 4
        return at if kind in (0x0800, 0x86DD) else None
    return {101: 0, 113: 16, 276: 20, 0: 4}.get(link)


class Udp:
    """The UDP datagram of a frame: addresses as (text, port), and where its payload lies."""

    def __init__(self, link, octets):
        self.source = None
        at = _ip_at(link, octets)
        if at is None or len(octets) < at + 28:
            return
        version = octets[at] >> 4
        self.protocol = octets[at + 9] if version == 4 else octets[at + 6]
        if self.protocol != 17:
            return
        self.ip_at = at
        self.udp_at = at + ((octets[at] & 15) * 4 if version == 4 else 40)
        self.is_v4 = version == 4
        family, where = (socket.AF_INET, (12, 16, 20)) if self.is_v4 else (socket.AF_INET6, (8, 24, 40))
        source_port, target_port, length = struct.unpack(">HHH", octets[self.udp_at : self.udp_at + 6])
        self.source = (socket.inet_ntop(family, octets[at + where[0] : at + where[1]]), source_port)
        self.target = (socket.inet_ntop(family, octets[at + where[1] : at + where[2]]), target_port)
        self.payload = octets[self.udp_at + 8 : self.udp_at + length]


def _checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_payload(octets, udp, payload):
    """The frame with another UDP payload: lengths and checksums made right."""
    length = 8 + len(payload)
    ip = bytearray(octets[udp.ip_at : udp.udp_at])
    if udp.is_v4:
        struct.pack_into(">H", ip, 2, len(ip) + length)
        struct.pack_into(">H", ip, 10, 0)
        struct.pack_into(">H", ip, 10, _checksum(bytes(ip)))
        pseudo = bytes(ip[12:20]) + struct.pack(">HH", 17, length)
    else:
        struct.pack_into(">H", ip, 4, length)
        pseudo = bytes(ip[8:40]) + struct.pack(">II", length, 17)
    header = octets[udp.udp_at : udp.udp_at + 4] + struct.pack(">H", length)
    checksum = 0
    if octets[udp.udp_at + 6 : udp.udp_at + 8] != b"\0\0":
        checksum = _checksum(pseudo + header + b"\0\0" + payload) or 0xFFFF
    return octets[: udp.ip_at] + bytes(ip) + header + struct.pack(">H", checksum) + payload
