#!/usr/bin/env python3
"""Writes <name>.json of a TURN capture: what coturn's log says, what the scripted client did, what tshark reads of each message.

    turn-facts.py capture.pcap out.json [--server-log log] [--steps steps.json] [--decode-as udp.port==40001,stun] [--count-data]
"""
import argparse
import json
import subprocess

import stun_facts

parser = argparse.ArgumentParser()
parser.add_argument("capture")
parser.add_argument("out")
parser.add_argument("--server-log")
parser.add_argument("--steps")
parser.add_argument("--decode-as", action="append", default=[])
parser.add_argument("--count-data", action="store_true", help="ChannelData counted by direction and channel instead of listed")
option = parser.parse_args()

facts = {}
if option.server_log:
    facts["sessions"] = stun_facts.sessions(option.server_log)
if option.steps:
    began = subprocess.run(["tshark", "-n", "-r", option.capture, "-c", "1", "-T", "fields", "-e", "frame.time_epoch"], check=True, capture_output=True, text=True)
    steps = json.load(open(option.steps))
    facts["steps"] = [{"seconds": round(one["time"] - float(began.stdout), 3), "did": one["did"], "got": one["got"]} for one in steps]
facts["messages"] = stun_facts.messages(option.capture, option.decode_as)
if option.count_data:
    data = [one for one in facts["messages"] if "channelData" in one]
    facts["messages"] = [one for one in facts["messages"] if "channelData" not in one]
    facts["channelData"] = []
    for key in dict.fromkeys((one["from"], one["to"], one["channelData"]) for one in data):
        same = [one for one in data if (one["from"], one["to"], one["channelData"]) == key]
        facts["channelData"].append({"from": key[0], "to": key[1], "channel": key[2], "count": len(same), "octets": sum(one["octets"] for one in same),
                                     "first": same[0]["packet"], "last": same[-1]["packet"]})
stun_facts.write(option.out, facts)
