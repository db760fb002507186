#!/usr/bin/env python3
"""Writes <name>.json of a TURN capture: what coturn's log says, what the scripted client did, what tshark reads of each message.

    turn-facts.py capture.pcap out.json [--server-log log] [--steps steps.json] [--decode-as udp.port==40001,stun]
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
option = parser.parse_args()

facts = {}
if option.server_log:
    facts["sessions"] = stun_facts.sessions(option.server_log)
if option.steps:
    began = subprocess.run(["tshark", "-n", "-r", option.capture, "-c", "1", "-T", "fields", "-e", "frame.time_epoch"], check=True, capture_output=True, text=True)
    steps = json.load(open(option.steps))
    facts["steps"] = [{"seconds": round(one["time"] - float(began.stdout), 3), "did": one["did"], "got": one["got"]} for one in steps]
facts["messages"] = stun_facts.messages(option.capture, option.decode_as)
stun_facts.write(option.out, facts)
