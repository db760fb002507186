#!/usr/bin/env python3
"""The encrypted twin of a plain call: RTP and RTCP protected by libsrtp, the SDP offering and answering with keys (RFC 4568).

    encrypt.py PLAIN.pcap OUT.pcap FACTS.json --suite AES_CM_128_HMAC_SHA1_32 [more, see --help]

A sender is known by the address and port of its own session description: what leaves there is protected with the key that
description names. So both legs of a relayed call, and each phone of a forked one, get keys of their own. Keys are made from
--seed: the same options give the same file. ICMP is left out, because it quotes media.
"""
import argparse
import base64
import hashlib
import re
import struct

import frames
import truth
from libsrtp import Session, key_length


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("plain")
    parser.add_argument("out")
    parser.add_argument("facts")
    parser.add_argument("--suite", action="append", help="offered, in this order; default AES_CM_128_HMAC_SHA1_80")
    parser.add_argument("--tag", type=int, default=1, help="the line the answer takes")
    parser.add_argument("--mki", help="VALUE:LENGTH, or VALUE,VALUE:LENGTH for two keys in a line; the second from half way on")
    parser.add_argument("--lifetime", help="such as 2^31")
    parser.add_argument("--parameters", default="", help="session parameters, such as UNENCRYPTED_SRTP")
    parser.add_argument("--plain-answer", action="store_true", help="the answer stays RTP/AVP, and so does the media")
    parser.add_argument("--rekey", action="store_true", help="every offer and answer bring new keys")
    parser.add_argument("--late-answer", action="store_true", help="provisional responses lose their session description")
    parser.add_argument("--roc", type=int, default=0, help="rollover counter of every stream's first packet")
    parser.add_argument("--wrong-key", action="store_true", help="the SDP names other keys than those used")
    parser.add_argument("--extensions", choices=["one", "two"], help="header extensions of one-byte or two-byte headers")
    parser.add_argument("--encrypt-extension", type=int, action="append", default=[], help="this id is encrypted (RFC 6904)")
    parser.add_argument("--media-seconds", type=float, default=1e9, help="media after this time is left out")
    parser.add_argument("--seed", default="earshot")
    return parser.parse_args()


def make_key(*names):
    return hashlib.sha512("/".join(map(str, names)).encode()).digest()


class Sdp:
    """Rewrites the session descriptions, and knows the keys they name."""

    def __init__(self, option):
        self.option = option
        self.suites = option.suite or ["AES_CM_128_HMAC_SHA1_80"]
        self.parameters = option.parameters.split()
        self.mkis = [b""]
        if option.mki:
            values, length = option.mki.split(":")
            self.mkis = [int(value).to_bytes(int(length), "big") for value in values.split(",")]

    def key(self, sender, epoch, tag, index=0, wrong=False):
        names = (self.option.seed, sender, epoch, tag, index) + (("wrong",) if wrong else ())
        return make_key(*names)[: key_length(self.suites[tag - 1])]

    def keys(self, sender, epoch):
        """The keys in use, with their MKIs, for libsrtp."""
        return [(self.key(sender, epoch, self.option.tag, index), mki) for index, mki in enumerate(self.mkis)]

    def line(self, sender, epoch, tag):
        inline = []
        for index, mki in enumerate(self.mkis):
            text = "inline:" + base64.b64encode(self.key(sender, epoch, tag, index, self.option.wrong_key)).decode()
            if self.option.lifetime:
                text += "|" + self.option.lifetime
            if mki:
                text += f"|{int.from_bytes(mki, 'big')}:{len(mki)}"
            inline.append(text)
        return " ".join([f"a=crypto:{tag} {self.suites[tag - 1]} {';'.join(inline)}"] + self.parameters)

    def rewrite(self, message):
        """(message with keys in its description, (sender, epoch) it describes or None, whether it is an answer)."""
        head, _, body = message.partition("\r\n\r\n")
        if "application/sdp" not in head or "m=audio" not in body:
            return message, None, False
        sender = (re.search(r"^c=IN IP[46] (\S+)", body, re.M)[1].strip(), int(re.search(r"^m=audio (\d+)", body, re.M)[1]))
        is_answer = head.startswith("SIP/2.0")
        epoch = int(re.search(r"^CSeq:\s*(\d+)", head, re.M)[1]) if self.option.rekey else 0
        if is_answer and self.option.late_answer and head.startswith("SIP/2.0 1"):
            head = re.sub(r"^Content-Type:.*\r\n", "", head, flags=re.M)
            return re.sub(r"(?m)^(Content-Length:\s*)\d+", r"\g<1>0", head) + "\r\n\r\n", None, False
        if not (is_answer and self.option.plain_answer):
            tags = [self.option.tag] if is_answer else range(1, len(self.suites) + 1)
            lines = [self.line(sender, epoch, tag) for tag in tags] + self.extension_lines()
            body = body.replace("RTP/AVP", "RTP/SAVP").rstrip("\r\n") + "\r\n" + "\r\n".join(lines) + "\r\n"
            head = re.sub(r"(?m)^((?:Content-Length|l):\s*)\d+", rf"\g<1>{len(body.encode())}", head)
        return head + "\r\n\r\n" + body, (sender, epoch), is_answer

    def extension_lines(self):
        if self.option.extensions is None:
            return []
        names = {1: "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                 3: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"}
        if self.option.extensions == "two":
            names[17] = "urn:ietf:params:rtp-hdrext:toffset"
        encrypt = "urn:ietf:params:rtp-hdrext:encrypt "
        return [f"a=extmap:{id} {encrypt if id in self.option.encrypt_extension else ''}{name}" for id, name in names.items()]


def with_extension(packet, kind):
    """The RTP packet with a header extension (RFC 8285): level, send time and, with two-byte headers, an offset and an empty one."""
    level = bytes([0x80 | packet[3] % 128])
    time = struct.pack(">I", int.from_bytes(packet[4:8], "big") * 33 & 0xFFFFFF)[1:]
    if kind == "one":
        elements, profile = bytes([0x10]) + level + bytes([0x32]) + time, 0xBEDE
    else:
        elements = bytes([1, 1]) + level + bytes([3, 3]) + time + bytes([17, 3, 0, 1, packet[3], 5, 0])
        profile = 0x1000
    elements += b"\0" * (-len(elements) % 4)
    at = 12 + (packet[0] & 15) * 4
    return (bytes([packet[0] | 0x10]) + packet[1:at] + struct.pack(">HH", profile, len(elements) // 4) + elements + packet[at:])


class Media:
    """Protects the packets of every sender, in the order of the capture."""

    def __init__(self, option, sdp, facts, counts):
        self.option, self.sdp, self.facts, self.counts = option, sdp, facts, counts
        self.sessions = {}
        self.sealed = {}
        self.rocs = {}
        self.done = {}

    def protect(self, udp, epoch):
        packet = udp.payload
        is_report = truth.is_rtcp(packet)
        if not is_report and self.option.extensions:
            packet = with_extension(packet, self.option.extensions)
        add = self.facts.rtcp if is_report else self.facts.rtp
        if self.option.plain_answer:
            add(udp.source, udp.target, packet)
            return packet
        sender = (udp.source[0], udp.source[1] & ~1)
        ssrc = truth.ssrc_of(packet)
        suite, keys = self.sdp.suites[self.option.tag - 1], self.sdp.keys(sender, epoch)
        stream = (sender, ssrc)
        session = self.sessions.get((stream, epoch))
        if session is None:
            # A new master key does not begin the rollover counter anew (RFC 3711 section 3.3.1).
            roc = self.rocs.get(stream, self.option.roc)
            session = Session(suite, keys, ssrc, self.sdp.parameters, self.option.encrypt_extension, roc)
            self.sessions[(stream, epoch)] = session
        # A packet captured twice is the same packet twice, also where protecting it again would give another (SRTCP's index).
        if (stream, epoch, packet) in self.sealed:
            sealed, *truths = self.sealed[(stream, epoch, packet)]
            add(udp.source, udp.target, packet, *truths)
            return sealed
        self.done[stream] = self.done.get(stream, 0) + (0 if is_report else 1)
        index = 1 if len(keys) > 1 and self.done[stream] > self.counts.get(stream, 0) // 2 else 0
        key, mki = keys[index]
        if is_report:
            sealed, truths = session.protect_rtcp(packet, index), (suite, key, mki)
        else:
            sealed = session.protect(packet, index)
            self.rocs[stream] = session.roc()
            truths = (suite, key, mki, self.rocs[stream])
        add(udp.source, udp.target, packet, *truths)
        self.sealed[(stream, epoch, packet)] = (sealed, *truths)
        return sealed


def main():
    option = options()
    header, link, plain = frames.read_pcap(option.plain)
    sdp = Sdp(option)
    about = {"from": option.plain.split("/")[-1], "sdpNamesTheKeys": not option.wrong_key}
    if sdp.parameters:
        about["parameters"] = sdp.parameters
    if option.encrypt_extension:
        about["encryptedExtensions"] = option.encrypt_extension
    datagrams = [(frame, frames.Udp(link, frame[2])) for frame in plain]
    counts = {}
    for _, udp in datagrams:
        if udp.source and truth.is_rtp(udp.payload):
            stream = ((udp.source[0], udp.source[1] & ~1), truth.ssrc_of(udp.payload))
            counts[stream] = counts.get(stream, 0) + 1
    facts = truth.Truth(**about)
    media = Media(option, sdp, facts, counts)
    epoch, out, ends = 0, [], first_media(datagrams) + option.media_seconds
    for (seconds, fraction, octets, _), udp in datagrams:
        if udp.source is None:
            continue
        if truth.is_rtp(udp.payload) or truth.is_rtcp(udp.payload):
            if seconds + fraction / 1e6 > ends:
                continue
            payload = media.protect(udp, epoch)
        else:
            text, described, is_answer = sdp.rewrite(udp.payload.decode("utf-8"))
            # New keys are in force once they are answered; before the first answer, those offered are.
            if described and (is_answer or epoch == 0):
                epoch = described[1]
            payload = text.encode("utf-8")
        changed = frames.with_payload(octets, udp, payload)
        out.append((seconds, fraction, changed, len(changed)))
    frames.write_pcap(option.out, header, out)
    facts.write(option.facts)


def first_media(datagrams):
    for (seconds, fraction, _, _), udp in datagrams:
        if udp.source and truth.is_rtp(udp.payload):
            return seconds + fraction / 1e6
    return 0


main()
