"""STUN and TURN messages (RFC 8489, 8656): written and read with nothing but Python's own library."""
import hashlib
import hmac
import os
import socket
import struct
import zlib

COOKIE = 0x2112A442
BINDING, ALLOCATE, REFRESH, SEND, DATA, CREATE_PERMISSION, CHANNEL_BIND = 1, 3, 4, 6, 7, 8, 9
REQUEST, INDICATION, SUCCESS, ERROR = 0x000, 0x010, 0x100, 0x110
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, CHANNEL_NUMBER, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000C, 0x000D
XOR_PEER_ADDRESS, DATA_ATTRIBUTE, REALM, NONCE, XOR_RELAYED_ADDRESS = 0x0012, 0x0013, 0x0014, 0x0015, 0x0016
REQUESTED_FAMILY, EVEN_PORT, REQUESTED_TRANSPORT, XOR_MAPPED_ADDRESS = 0x0017, 0x0018, 0x0019, 0x0020
PRIORITY, USE_CANDIDATE, SOFTWARE, ALTERNATE_SERVER = 0x0024, 0x0025, 0x8022, 0x8023
FINGERPRINT, ICE_CONTROLLED, ICE_CONTROLLING = 0x8028, 0x8029, 0x802A


def new_id():
    return os.urandom(12)


def encode(kind, identifier, attributes, key=None, fingerprint=True, cookie=COOKIE):
    """A message of the 14-bit type `kind`, with MESSAGE-INTEGRITY where there is a key; as RFC 3489 has it without cookie."""
    body = b"".join(struct.pack(">HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in attributes)

    def head(more):
        return struct.pack(">HHI", kind, len(body) + more, cookie) + identifier

    if key is not None:
        body += struct.pack(">HH", MESSAGE_INTEGRITY, 20) + hmac.new(key, head(24) + body, hashlib.sha1).digest()
    if fingerprint:
        body += struct.pack(">HHI", FINGERPRINT, 4, zlib.crc32(head(8) + body) ^ 0x5354554E)
    return head(0) + body


def decode(octets):
    """(type, transaction id, attributes as a dictionary), or None for anything but a STUN message."""
    if len(octets) < 20 or octets[0] > 3 or struct.unpack_from(">I", octets, 4)[0] != COOKIE:
        return None
    attributes, at = {}, 20
    while at + 4 <= len(octets):
        name, length = struct.unpack_from(">HH", octets, at)
        attributes.setdefault(name, octets[at + 4 : at + 4 + length])
        at += 4 + length + -length % 4
    return struct.unpack_from(">H", octets)[0], octets[8:20], attributes


def class_of(kind):
    return kind & 0x110


def xor_address(host, port, identifier):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    mask = struct.pack(">I", COOKIE) + identifier
    octets = bytes(a ^ b for a, b in zip(socket.inet_pton(family, host), mask))
    return struct.pack(">BBH", 0, 2 if ":" in host else 1, port ^ COOKIE >> 16) + octets


def read_xor_address(value, identifier):
    mask = struct.pack(">I", COOKIE) + identifier
    octets = bytes(a ^ b for a, b in zip(value[4:], mask))
    host = socket.inet_ntop(socket.AF_INET6 if value[1] == 2 else socket.AF_INET, octets)
    return host, struct.unpack_from(">H", value, 2)[0] ^ COOKIE >> 16


def read_address(value):
    host = socket.inet_ntop(socket.AF_INET6 if value[1] == 2 else socket.AF_INET, value[4:])
    return host, struct.unpack_from(">H", value, 2)[0]


def error_of(attributes):
    """(code, reason) of an error response, or (None, '')."""
    value = attributes.get(ERROR_CODE)
    return (None, "") if value is None else (value[2] * 100 + value[3], value[4:].decode("utf-8", "replace"))


def long_term_key(user, realm, password):
    return hashlib.md5(f"{user}:{realm}:{password}".encode()).digest()
