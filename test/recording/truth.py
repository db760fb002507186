"""What is true of the media of a capture, kept beside it as JSON: per sender and SSRC the keys, counts and the SHA-256 of all
plain payloads in the order of the capture. A payload is what follows the RTP header, its CSRCs and its extension."""
import base64
import hashlib
import json


def payload_at(packet):
    """Where the payload of an RTP packet begins; and where its extension begins, or None."""
    at = 12 + (packet[0] & 15) * 4
    if not packet[0] & 0x10:
        return at, None
    return at + 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big"), at


def is_rtcp(packet):
    """RTCP by its packet type (RFC 5761 section 4)."""
    return len(packet) >= 8 and packet[0] >> 6 == 2 and 192 <= packet[1] <= 223


def is_rtp(packet):
    return len(packet) >= 12 and packet[0] >> 6 == 2 and not 192 <= packet[1] <= 223


def ssrc_of(packet):
    at = 4 if is_rtcp(packet) else 8
    return int.from_bytes(packet[at : at + 4], "big")


class Truth:
    def __init__(self, **about):
        self.about = about
        self.streams = {}

    def _stream(self, source, target, ssrc):
        port = source[1] if source[1] % 2 == 0 else source[1] - 1
        key = (source[0], port, ssrc)
        if key not in self.streams:
            self.streams[key] = {
                "ssrc": f"0x{ssrc:08x}", "from": f"{source[0]}:{source[1]}", "to": f"{target[0]}:{target[1]}",
                "keys": [], "rtpPackets": 0, "firstRoc": None, "lastRoc": None, "rtcpPackets": 0,
                "payloads": hashlib.sha256(), "extensions": hashlib.sha256(), "reports": hashlib.sha256(),
            }
        return self.streams[key]

    def _key(self, stream, suite, key, mki, field):
        text = base64.b64encode(key).decode()
        found = next((one for one in stream["keys"] if (one["key"], one["mki"]) == (text, mki.hex())), None)
        if found is None:
            found = {"suite": suite, "key": text, "mki": mki.hex(), "rtpPackets": 0, "rtcpPackets": 0}
            stream["keys"].append(found)
        found[field] += 1

    def rtp(self, source, target, plain, suite=None, key=b"", mki=b"", roc=0):
        stream = self._stream(source, target, ssrc_of(plain))
        if stream["rtpPackets"] == 0:
            stream["from"], stream["to"] = f"{source[0]}:{source[1]}", f"{target[0]}:{target[1]}"
        at, extension_at = payload_at(plain)
        stream["payloads"].update(plain[at:])
        if extension_at is not None:
            stream["extensions"].update(plain[extension_at + 4 : at])
        stream["rtpPackets"] += 1
        if suite is None:
            return
        stream["firstRoc"] = roc if stream["firstRoc"] is None else stream["firstRoc"]
        stream["lastRoc"] = roc
        self._key(stream, suite, key, mki, "rtpPackets")

    def rtcp(self, source, target, plain, suite=None, key=b"", mki=b""):
        stream = self._stream(source, target, ssrc_of(plain))
        stream["reports"].update(plain)
        stream["rtcpPackets"] += 1
        if suite is not None:
            self._key(stream, suite, key, mki, "rtcpPackets")

    def write(self, path):
        empty = hashlib.sha256().hexdigest()
        streams = []
        for stream in self.streams.values():
            one = {name: value for name, value in stream.items() if value is not None}
            one["plainPayloadsSha256"] = one.pop("payloads").hexdigest()
            one["plainRtcpSha256"] = one.pop("reports").hexdigest()
            one["plainExtensionsSha256"] = one.pop("extensions").hexdigest()
            for name in [name for name, value in one.items() if value == empty]:
                del one[name]
            streams.append(one)
        with open(path, "w") as file:
            json.dump({**self.about, "streams": streams}, file, indent=1)
            file.write("\n")
