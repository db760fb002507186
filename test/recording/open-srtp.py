#!/usr/bin/env python3
"""What is true of an encrypted capture, found with libsrtp and tshark: opens the media and writes the facts as JSON.

    open-srtp.py CAPTURE.pcap FACTS.json [--keylog KEYS.log] [--exported EXPORTED.txt] [--dtls13 KEYS.log]

Keys come from the a=crypto lines of the SDP as tshark reads it (in TLS with --keylog), from what the endpoints' own DTLS-SRTP
exporter gave (--exported, lines as keylog-shim.c writes them), and from the EXPORTER_SECRET of DTLS 1.3 (--dtls13). Each sender is tried with each key until one authenticates.
"""
import argparse
import base64
import hashlib
import hmac
import re
import struct
import subprocess

import frames
import truth
from libsrtp import PROFILES, SUITES, Refused, Session, key_length, split_keys


def keys_of_sdp(capture, key_log):
    command = ["tshark", "-n", "-r", capture, "-Y", "sdp", "-T", "fields", "-e", "sdp.media_attr"]
    if key_log:
        command += ["-o", f"tls.keylog_file:{key_log}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for suite, inline in re.findall(r"crypto:\d+ (\S+) inline:([A-Za-z0-9+/=]+)", text):
        if suite in SUITES:
            yield suite, base64.b64decode(inline)


def keys_of_exporter(path):
    for line in open(path):
        name, material = line.split()
        suite, *keys = split_keys(name, bytes.fromhex(material))
        for key in keys:
            yield suite, key


def expand_label(name, secret, label, context, length):
    """HKDF-Expand-Label (RFC 8446 section 7.1) with the prefix of DTLS (RFC 9147 section 5.9)."""
    label = b"dtls13" + label
    info = struct.pack(">HB", length, len(label)) + label + bytes([len(context)]) + context
    out = block = b""
    while len(out) < length:
        block = hmac.new(secret, block + info + bytes([len(out) // hashlib.new(name).digest_size + 1]), name).digest()
        out += block
    return out[:length]


def keys_of_exporter_secrets(path):
    """RFC 8446 section 7.5 for each profile; the one that was agreed on is the one that authenticates."""
    for secret in re.findall(r"(?m)^EXPORTER_SECRET \S+ (\S+)$", open(path).read()):
        secret = bytes.fromhex(secret)
        name = {32: "sha256", 48: "sha384"}[len(secret)]
        empty = hashlib.new(name).digest()
        derived = expand_label(name, secret, b"EXTRACTOR-dtls_srtp", empty, len(empty))
        for profile, suite in PROFILES.items():
            suite, *keys = split_keys(profile, expand_label(name, derived, b"exporter", empty, 2 * key_length(suite)))
            for key in keys:
                yield suite, key


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("capture")
    parser.add_argument("facts")
    parser.add_argument("--keylog")
    parser.add_argument("--exported")
    parser.add_argument("--dtls13")
    option = parser.parse_args()
    found = list(keys_of_sdp(option.capture, option.keylog))
    if option.exported:
        found += keys_of_exporter(option.exported)
    if option.dtls13:
        found += keys_of_exporter_secrets(option.dtls13)
    candidates = list(dict.fromkeys(found))
    _, link, captured = frames.read_pcap(option.capture)
    facts = truth.Truth()
    sessions, refused = {}, 0
    for _, _, octets, _ in captured:
        udp = frames.Udp(link, octets)
        if udp.source is None or not (truth.is_rtp(udp.payload) or truth.is_rtcp(udp.payload)):
            continue
        # Ports are told apart: with DTLS, RTP and RTCP may have a key each (RFC 5764 section 4).
        stream = (udp.source, truth.ssrc_of(udp.payload))
        is_report = truth.is_rtcp(udp.payload)
        for suite, key in [sessions[stream][:2]] if stream in sessions else candidates:
            session = sessions[stream][2] if stream in sessions else Session(suite, [(key, b"")], stream[1])
            try:
                plain = session.unprotect_rtcp(udp.payload) if is_report else session.unprotect(udp.payload)
            except Refused:
                continue
            sessions[stream] = (suite, key, session)
            if is_report:
                facts.rtcp(udp.source, udp.target, plain, suite, key)
            else:
                facts.rtp(udp.source, udp.target, plain, suite, key, b"", session.roc())
            break
        else:
            refused += 1
    facts.about["notAuthenticated"] = refused
    facts.write(option.facts)
    print(f"{option.facts}: {len(candidates)} keys, {refused} packets not authenticated")


main()
