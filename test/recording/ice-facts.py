#!/usr/bin/env python3
"""Writes <name>.json of an ICE capture: what the browsers said (ice-call.mjs), with times from the capture's first packet, and tshark's count
of the STUN messages each way.

    ice-facts.py capture.pcap out.json [--call call.json] [--server-log log] [--decode-as rule]
"""
import argparse
import json
import subprocess

import stun_facts

parser = argparse.ArgumentParser()
parser.add_argument("capture")
parser.add_argument("out")
parser.add_argument("--call")
parser.add_argument("--server-log")
parser.add_argument("--decode-as", action="append", default=[])
option = parser.parse_args()

began = float(subprocess.run(["tshark", "-n", "-r", option.capture, "-c", "1", "-T", "fields", "-e", "frame.time_epoch"], check=True,
                             capture_output=True, text=True).stdout)


def relative(value):
    """The same with `time` as `seconds` of the capture, and figures that tell nothing beyond microseconds rounded."""
    if isinstance(value, list):
        return [relative(part) for part in value]
    if isinstance(value, dict):
        return {"seconds" if key == "time" else key: round(part - began, 3) if key == "time" else relative(part) for key, part in value.items()}
    return round(value, 6) if isinstance(value, float) else value


facts = relative(json.load(open(option.call))) if option.call else {}
if option.server_log:
    facts["sessions"] = stun_facts.sessions(option.server_log)
counts = {}
for one in stun_facts.messages(option.capture, option.decode_as):
    what = "ChannelData" if "channelData" in one else f'{one.get("method")} {one.get("class")}'
    key = (one["from"], one["to"], what, one.get("code"), one.get("username"), one.get("role"), one.get("useCandidate", False))
    counts.setdefault(key, []).append(one["packet"])
names = ("from", "to", "message", "code", "username", "role", "useCandidate")
facts["stun"] = [{**{name: part for name, part in zip(names, key) if part not in (None, False)}, "count": len(packets), "first": packets[0], "last": packets[-1]}
                 for key, packets in counts.items()]
stun_facts.write(option.out, facts)
