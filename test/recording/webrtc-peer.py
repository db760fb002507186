#!/usr/bin/python3
"""One end of a call with DTLS-SRTP and rtcp-mux, set up by SIP over TCP: for a browser, or for another of its kind.

    webrtc-peer.py --sip 10.77.0.2:5060 --media 10.77.0.2:7000                       answers one call; echoes what it hears
    webrtc-peer.py --call 10.77.0.2:5060 --media 10.77.0.1:8000 --audio a.al --seconds 2      calls, sends PCMA

As answerer it is the DTLS server and an ICE-lite agent (RFC 8445): it answers connectivity checks and makes none.
Needs the Debian packages python3-openssl and libsrtp2-1.
"""
import argparse
import hashlib
import hmac
import re
import select
import socket
import struct
import time
import zlib

import truth
from dtls_srtp import Dtls, Sessions
from libsrtp import Refused

UFRAG, PASSWORD = "lite", "earshot-records-ice-lite-0"
COOKIE = b"\x21\x12\xa4\x42"


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sip", help="address to wait for a call at")
    parser.add_argument("--call", help="address to call")
    parser.add_argument("--media", required=True)
    parser.add_argument("--audio", help="raw A-law to send; without it, what is heard is sent back")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--profile", default="SRTP_AES128_CM_SHA1_80")
    parser.add_argument("--ciphers")
    parser.add_argument("--mtu", type=int, default=1200)
    parser.add_argument("--cookie", action="store_true", help="as server: HelloVerifyRequest first")
    parser.add_argument("--reverse", action="store_true", help="the datagrams of each flight's handshake messages leave in reverse order")
    parser.add_argument("--client", action="store_true", help="as answerer: DTLS client, though the caller is too")
    parser.add_argument("--wrong-fingerprint", action="store_true", help="the SDP names another certificate")
    parser.add_argument("--key-log")
    parser.add_argument("--exported")
    return parser.parse_args()


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Sip:
    """SIP over one TCP connection: whole messages in, texts out."""

    def __init__(self, connection):
        self.connection = connection
        self._pending = b""

    def receive(self):
        """The next message as (head, body), or None while it is not whole."""
        data = self.connection.recv(65536)
        self._pending += data
        return self.next()

    def next(self):
        head, gap, rest = self._pending.partition(b"\r\n\r\n")
        if not gap:
            return None
        length = int(re.search(rb"(?im)^Content-Length:\s*(\d+)", head)[1])
        if len(rest) < length:
            return None
        self._pending = rest[length:]
        return head.decode(), rest[:length].decode()

    def send(self, first, headers, body=""):
        lines = [first, *headers]
        if body:
            lines.append("Content-Type: application/sdp")
        lines += [f"Content-Length: {len(body)}", "", body]
        self.connection.sendall("\r\n".join(lines).encode())


def reply(sip, head, first, own, body=""):
    kept = [line for line in head.split("\r\n") if re.match(r"(?i)(via|from|call-id|cseq):", line)]
    to = re.search(r"(?im)^To:.*", head)[0].strip()
    sip.send(first, [*kept, to if "tag=" in to else to + ";tag=callee", f"Contact: <sip:bob@{own[0]}:5060;transport=tcp>"], body)


def stun_answer(request, source, password):
    """A success response to a binding request (RFC 8489), or None for anything else."""
    if request[:2] != b"\x00\x01" or request[4:8] != COOKIE:
        return None
    port = source[1] ^ 0x2112
    host = bytes(a ^ b for a, b in zip(socket.inet_aton(source[0]), COOKIE))
    attributes = struct.pack(">HHBBH", 0x0020, 8, 0, 1, port) + host
    def message(length):
        return struct.pack(">HH", 0x0101, length) + request[4:20] + attributes
    digest = hmac.new(password.encode(), message(len(attributes) + 24), hashlib.sha1).digest()
    attributes += struct.pack(">HH", 0x0008, 20) + digest
    check = zlib.crc32(message(len(attributes) + 8)) ^ 0x5354554E
    attributes += struct.pack(">HHI", 0x8028, 4, check)
    return message(len(attributes))


def make_dtls(option, is_client):
    dtls = Dtls(is_client, option.profile, option.key_log, option.mtu, option.cookie, option.ciphers)
    if option.wrong_fingerprint:
        first = dtls.fingerprint[8]
        dtls.fingerprint = dtls.fingerprint[:8] + ("0" if first != "0" else "1") + dtls.fingerprint[9:]
    return dtls


def own_sdp(media, fingerprint, setup):
    return "\r\n".join([
        "v=0", f"o=- 77 1 IN IP4 {media[0]}", "s=call", f"c=IN IP4 {media[0]}", "t=0 0",
        f"m=audio {media[1]} UDP/TLS/RTP/SAVP 8", "a=rtpmap:8 PCMA/8000", "a=rtcp-mux",
        f"a=setup:{setup}", f"a=fingerprint:{fingerprint}", "a=sendrecv", ""])


def browser_sdp(offer, media, fingerprint):
    """The answer to a browser's offer of one audio section: Opus, and those header extensions that are wanted."""
    opus = re.search(r"a=rtpmap:(\d+) opus/48000/2", offer)[1]
    mid = re.search(r"a=mid:(\S+)", offer)[1]
    extensions = re.findall(r"a=extmap:\d+ (?:urn:ietf:params:rtp-hdrext:ssrc-audio-level|urn:ietf:params:rtp-hdrext:sdes:mid)", offer)
    return "\r\n".join([
        "v=0", f"o=- 77 1 IN IP4 {media[0]}", "s=call", "t=0 0", f"a=group:BUNDLE {mid}", "a=ice-lite",
        f"m=audio {media[1]} UDP/TLS/RTP/SAVPF {opus}", f"c=IN IP4 {media[0]}", f"a=mid:{mid}", "a=rtcp-mux",
        f"a=rtpmap:{opus} opus/48000/2", f"a=ice-ufrag:{UFRAG}", f"a=ice-pwd:{PASSWORD}", f"a=fingerprint:{fingerprint}",
        "a=setup:passive", *extensions, "a=sendrecv", "a=ssrc:3963677760 cname:echo",
        f"a=candidate:1 1 udp 2130706431 {media[0]} {media[1]} typ host", "a=end-of-candidates", ""])


def reordered(datagrams):
    """Those of nothing but handshake messages in reverse order; what begins with the change of ciphers stays last."""
    handshake = [one for one in datagrams if b"\x14\xfe\xfd\0\0" not in one and one[3:5] == b"\0\0"]
    return handshake[::-1] + [one for one in datagrams if one not in handshake]


class Media:
    """The UDP port: connectivity checks, DTLS, SRTP."""

    SSRC = 0xEC40EC40

    def __init__(self, option, dtls, peer):
        self.option, self.dtls, self.peer = option, dtls, peer
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(address(option.media))
        self.outbound = self.inbound = None
        self.audio = open(option.audio, "rb").read() if option.audio else None
        self.sent = 0
        self.began = None

    def flight(self, datagrams):
        for one in reordered(datagrams) if self.option.reverse else datagrams:
            self.socket.sendto(one, self.peer)
        if self.dtls.done and self.outbound is None:
            suite, own, other = self.dtls.keys(self.option.exported)
            self.outbound, self.inbound = Sessions(suite, own), Sessions(suite, other)
            self.began = time.monotonic()

    def receive(self):
        packet, source = self.socket.recvfrom(65536)
        first = packet[0]
        if first < 4:
            answer = stun_answer(packet, source, PASSWORD)
            if answer:
                self.peer = source
                self.socket.sendto(answer, source)
        elif 20 <= first < 64:
            self.peer = self.peer or source
            self.flight(self.dtls.step(packet))
        elif self.inbound and not self.audio and truth.is_rtp(packet):
            self.echo(packet)

    def echo(self, packet):
        try:
            plain = self.inbound.of(truth.ssrc_of(packet)).unprotect(packet)
        except Refused:
            return
        at, _ = truth.payload_at(plain)
        header = bytes([0x80]) + plain[1:8] + struct.pack(">I", self.SSRC)
        self.socket.sendto(self.outbound.of(self.SSRC).protect(header + plain[at:]), self.peer)
        self.sent += 1
        if self.sent % 50 == 1:
            self.report(int.from_bytes(plain[4:8], "big"))

    def speak(self):
        """The audio whose time has come, 20 ms a packet."""
        if self.outbound is None or self.audio is None:
            return
        ssrc = self.SSRC ^ (0xFFFF if self.dtls.is_client else 0)
        while self.sent * 0.02 <= time.monotonic() - self.began and (self.sent + 1) * 160 <= len(self.audio):
            header = struct.pack(">BBHII", 0x80, 0x88 if self.sent == 0 else 8, 1000 + self.sent, self.sent * 160, ssrc)
            payload = self.audio[self.sent * 160 : (self.sent + 1) * 160]
            self.socket.sendto(self.outbound.of(ssrc).protect(header + payload), self.peer)
            self.sent += 1

    def report(self, timestamp):
        now = time.time() + 2208988800
        sr = struct.pack(">IIIIIII", 0x80C80006, self.SSRC, int(now), int(now % 1 * 2**32), timestamp, self.sent, self.sent * 80)
        sdes = struct.pack(">II", 0x81CA0003, self.SSRC) + b"\x01\x04echo\x00\x00"
        self.socket.sendto(self.outbound.of(self.SSRC).protect_rtcp(sr + sdes), self.peer)


def answer_call(option):
    own = address(option.sip)
    listener = socket.create_server(own)
    sip = Sip(listener.accept()[0])
    message = None
    while message is None:
        message = sip.receive()
    head, offer = message
    dtls = make_dtls(option, option.client)
    target = (re.search(r"c=IN IP4 (\S+)", offer)[1], int(re.search(r"m=audio (\d+)", offer)[1]))
    is_browser = "a=ice-ufrag" in offer
    media = Media(option, dtls, None if is_browser else target)
    body = browser_sdp(offer, media.socket.getsockname(), dtls.fingerprint) if is_browser else \
        own_sdp(media.socket.getsockname(), dtls.fingerprint, "active" if option.client else "passive")
    reply(sip, head, "SIP/2.0 100 Trying", own)
    reply(sip, head, "SIP/2.0 200 OK", own, body)
    if option.client:
        media.flight(dtls.step())

    def on_message(head, _):
        if head.startswith("BYE"):
            for one in dtls.close() if dtls.done else []:
                media.socket.sendto(one, media.peer)
            reply(sip, head, "SIP/2.0 200 OK", own)
            return True
        return False

    run(sip, media, on_message)


def place_call(option):
    target = address(option.call)
    own = address(option.media)
    sip = Sip(socket.create_connection(target, source_address=(own[0], 0)))
    dtls = make_dtls(option, True)
    media = Media(option, dtls, None)

    def request(method, cseq, tag="", body=""):
        sip.send(f"{method} sip:bob@{target[0]} SIP/2.0", [
            f"Via: SIP/2.0/TCP {own[0]};branch=z9hG4bKpeer{cseq}{method}", "Max-Forwards: 70",
            f"From: <sip:alice@{own[0]}>;tag=caller", f"To: <sip:bob@{target[0]}>{tag}", f"Call-ID: peer@{own[0]}",
            f"CSeq: {cseq} {method}", f"Contact: <sip:alice@{own[0]};transport=tcp>"], body)

    request("INVITE", 1, "", own_sdp(own, dtls.fingerprint, "active"))
    ends = time.monotonic() + option.seconds + 1
    state = {"over": False}

    def on_message(head, body):
        if "CSeq: 1 INVITE" in head and head.startswith("SIP/2.0 200"):
            request("ACK", 1, ";tag=callee")
            media.peer = (re.search(r"c=IN IP4 (\S+)", body)[1], int(re.search(r"m=audio (\d+)", body)[1]))
            media.flight(dtls.step())
        return "2 BYE" in head

    def on_time():
        ended = media.began is not None and time.monotonic() > media.began + option.seconds
        if not state["over"] and (ended or time.monotonic() > ends):
            state["over"] = True
            request("BYE", 2, ";tag=callee")

    run(sip, media, on_message, on_time)


def run(sip, media, on_message, on_time=lambda: None):
    """Until on_message says that the call is over, or 30 s have gone by."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        ready = select.select([sip.connection, media.socket], [], [], 0.005)[0]
        media.speak()
        on_time()
        if media.socket in ready:
            media.receive()
        message = sip.receive() if sip.connection in ready else None
        while message is not None:
            if on_message(*message):
                return
            message = sip.next()


if __name__ == "__main__":
    chosen = options()
    answer_call(chosen) if chosen.sip else place_call(chosen)
