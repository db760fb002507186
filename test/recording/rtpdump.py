#!/usr/bin/env python3
"""RTP and RTCP from one address to another as an rtpdump (the binary format of rtptools).

    rtpdump.py CAPTURE FROM TO OUT
"""
import struct
import subprocess
import sys

capture, source, target, out = sys.argv[1:5]
names = ["frame.time_epoch", "udp.srcport", "udp.dstport", "udp.payload", "_ws.col.Protocol"]
rows = subprocess.run(
    ["tshark", "-r", capture, "-Y", f"(rtp || rtcp) && ip.src == {source} && ip.dst == {target} && !icmp", "-T", "fields",
     *(f"-e{name}" for name in names)],
    check=True, capture_output=True, text=True,
).stdout.splitlines()
packets = [row.split("\t") for row in rows]
media = next(row for row in packets if row[4] == "RTP")
start = int(packets[0][0].split(".")[0]), int(packets[0][0].split(".")[1][:6])
with open(out, "wb") as file:
    file.write(f"#!rtpplay1.0 {target}/{media[2]}\n".encode())
    address = bytes(int(part) for part in source.split("."))
    file.write(struct.pack("!II4sHH", *start, address, int(media[1]), 0))
    for epoch, _, _, payload, protocol in packets:
        octets = bytes.fromhex(payload)
        away = (int(epoch.split(".")[0]) - start[0]) * 1000 + (int(epoch.split(".")[1][:6]) - start[1]) // 1000
        file.write(struct.pack("!HHI", len(octets) + 8, 0 if protocol == "RTCP" else len(octets), away) + octets)
