#!/usr/bin/env python3
"""The UDP payloads of a capture as text2pcap reads them with -D -t ISO.

    payload-dump.py CAPTURE OWN-ADDRESS COUNT OUT

Those that OWN-ADDRESS sent are outbound. The octets come from tshark, each packet's dump is od's.
"""
import subprocess
import sys
from datetime import datetime, timezone

capture, own, count, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
fields = ["frame.time_epoch", "ip.src", "udp.payload"]
rows = subprocess.run(
    ["tshark", "-r", capture, "-Y", "udp && !icmp", "-T", "fields", *(f"-e{name}" for name in fields)],
    check=True, capture_output=True, text=True,
).stdout.splitlines()
with open(out, "w") as text:
    text.write("# UDP payloads, outbound is what the caller sent\n")
    for row in rows[:count]:
        epoch, source, payload = row.split("\t")
        seconds, fraction = epoch.split(".")
        time = datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        dump = subprocess.run(["od", "-Ax", "-tx1", "-v"], input=bytes.fromhex(payload), check=True, capture_output=True).stdout
        text.write(f"{'O' if source == own else 'I'} {time}.{fraction}Z\n{dump.decode()}\n")
