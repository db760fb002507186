"""libsrtp2 (Debian package libsrtp2-1) from Python: what the recording scripts need of it, and no more."""
import ctypes
from ctypes import POINTER, Structure, byref, c_int, c_ubyte, c_uint, c_uint32, c_ulong, c_void_p, cast, create_string_buffer

_lib = ctypes.CDLL("libsrtp2.so.1")
if _lib.srtp_init() != 0:
    raise RuntimeError("srtp_init")

CONFIDENTIAL, AUTHENTIC = 1, 2
NULL_AUTH, HMAC_SHA1 = 0, 3

# name: cipher of libsrtp, octets of key and salt, octets of the salt, authentication, tag of RTP, tag of RTCP
SUITES = {
    "AES_CM_128_HMAC_SHA1_80": (1, 30, 14, HMAC_SHA1, 10, 10),
    "AES_CM_128_HMAC_SHA1_32": (1, 30, 14, HMAC_SHA1, 4, 10),
    "AES_192_CM_HMAC_SHA1_80": (4, 38, 14, HMAC_SHA1, 10, 10),
    "AES_192_CM_HMAC_SHA1_32": (4, 38, 14, HMAC_SHA1, 4, 10),
    "AES_256_CM_HMAC_SHA1_80": (5, 46, 14, HMAC_SHA1, 10, 10),
    "AES_256_CM_HMAC_SHA1_32": (5, 46, 14, HMAC_SHA1, 4, 10),
    "AEAD_AES_128_GCM": (6, 28, 12, NULL_AUTH, 16, 16),
    "AEAD_AES_256_GCM": (7, 44, 12, NULL_AUTH, 16, 16),
}

# The profiles of use_srtp as OpenSSL names them (RFC 5764 section 4.1.2, RFC 7714 section 14.2).
PROFILES = {
    "SRTP_AES128_CM_SHA1_80": "AES_CM_128_HMAC_SHA1_80",
    "SRTP_AES128_CM_SHA1_32": "AES_CM_128_HMAC_SHA1_32",
    "SRTP_AEAD_AES_128_GCM": "AEAD_AES_128_GCM",
    "SRTP_AEAD_AES_256_GCM": "AEAD_AES_256_GCM",
}


def key_length(suite):
    """Octets of master key and master salt together."""
    return SUITES[suite][1]


def split_keys(profile, material):
    """(suite, key and salt of the client, key and salt of the server) of the exporter's result (RFC 5764 section 4.2)."""
    suite = PROFILES[profile]
    salt = SUITES[suite][2]
    length = key_length(suite) - salt
    keys = [material[i * length : (i + 1) * length] for i in (0, 1)]
    salts = [material[2 * length + i * salt : 2 * length + (i + 1) * salt] for i in (0, 1)]
    return suite, keys[0] + salts[0], keys[1] + salts[1]


class _Crypto(Structure):
    _fields_ = [("cipher", c_int), ("key_length", c_int), ("auth", c_int), ("auth_key_length", c_int),
                ("tag_length", c_int), ("services", c_int)]


class _Ssrc(Structure):
    _fields_ = [("type", c_int), ("value", c_uint)]


class _MasterKey(Structure):
    _fields_ = [("key", POINTER(c_ubyte)), ("mki", POINTER(c_ubyte)), ("mki_length", c_uint)]


class _Policy(Structure):
    pass


_Policy._fields_ = [("ssrc", _Ssrc), ("rtp", _Crypto), ("rtcp", _Crypto), ("key", c_void_p),
                    ("keys", POINTER(POINTER(_MasterKey))), ("key_count", c_ulong), ("ekt", c_void_p),
                    ("window", c_ulong), ("allow_repeat", c_int), ("encrypted_extensions", POINTER(c_int)),
                    ("encrypted_extension_count", c_int), ("next", POINTER(_Policy))]


def _octets(data):
    return cast(create_string_buffer(bytes(data), len(data)), POINTER(c_ubyte))


class Session:
    """The SRTP context of one SSRC.

    keys: (master key and salt, MKI) pairs, the MKI empty for none. parameters: of RFC 4568 section 6.3.
    """

    def __init__(self, suite, keys, ssrc, parameters=(), encrypted_extensions=(), roc=0, window=1024):
        cipher, length, _, auth, rtp_tag, rtcp_tag = SUITES[suite]
        aead = auth == NULL_AUTH
        auth_key = 0 if aead else 20
        services = CONFIDENTIAL | AUTHENTIC
        rtp = _Crypto(cipher, length, auth, auth_key, rtp_tag, services)
        rtcp = _Crypto(cipher, length, auth, auth_key, rtcp_tag, services)
        if "UNENCRYPTED_SRTP" in parameters:
            rtp.services &= ~CONFIDENTIAL
        if "UNENCRYPTED_SRTCP" in parameters:
            rtcp.services &= ~CONFIDENTIAL
        if "UNAUTHENTICATED_SRTP" in parameters:
            rtp.services &= ~AUTHENTIC
            rtp.auth, rtp.auth_key_length, rtp.tag_length = NULL_AUTH, 0, 0
        # libsrtp reads all of this while it makes the context; what it reads must live until then.
        masters = [_MasterKey(_octets(key), _octets(mki or b"\0"), len(mki)) for key, mki in keys]
        pointers = (POINTER(_MasterKey) * len(masters))(*[ctypes.pointer(master) for master in masters])
        ids = (c_int * max(1, len(encrypted_extensions)))(*encrypted_extensions)
        policy = _Policy(ssrc=_Ssrc(1, ssrc), rtp=rtp, rtcp=rtcp, key=None, keys=pointers, key_count=len(masters),
                         window=window, allow_repeat=1)
        if encrypted_extensions:
            policy.encrypted_extensions = cast(ids, POINTER(c_int))
            policy.encrypted_extension_count = len(encrypted_extensions)
        self._context = c_void_p()
        self._use_mki = 1 if keys[0][1] else 0
        self._ssrc = ssrc
        _check(_lib.srtp_create(byref(self._context), byref(policy)), "srtp_create")
        if roc:
            _check(_lib.srtp_set_stream_roc(self._context, c_uint32(ssrc), c_uint32(roc)), "srtp_set_stream_roc")

    def roc(self):
        value = c_uint32()
        _check(_lib.srtp_get_stream_roc(self._context, c_uint32(self._ssrc), byref(value)), "srtp_get_stream_roc")
        return value.value

    def protect(self, packet, key_index=0):
        return self._run(_lib.srtp_protect_mki, packet, c_uint(self._use_mki), c_uint(key_index))

    def protect_rtcp(self, packet, key_index=0):
        return self._run(_lib.srtp_protect_rtcp_mki, packet, c_uint(self._use_mki), c_uint(key_index))

    def unprotect(self, packet):
        return self._run(_lib.srtp_unprotect_mki, packet, c_uint(self._use_mki))

    def unprotect_rtcp(self, packet):
        return self._run(_lib.srtp_unprotect_rtcp_mki, packet, c_uint(self._use_mki))

    def _run(self, function, packet, *more):
        buffer = create_string_buffer(bytes(packet), len(packet) + 256)
        length = c_int(len(packet))
        _check(function(self._context, buffer, byref(length), *more), function.__name__)
        return buffer.raw[: length.value]


class Refused(Exception):
    """libsrtp said no; `status` is its srtp_err_status_t (7: authentication, 9 and 10: replayed)."""

    def __init__(self, what, status):
        super().__init__(f"{what}: status {status}")
        self.status = status


def _check(status, what):
    if status != 0:
        raise Refused(what, status)
