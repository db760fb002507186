"""DTLS-SRTP (RFC 5764) from Python: OpenSSL by way of pyOpenSSL (Debian package python3-openssl), the media by libsrtp."""
import os
import subprocess
import tempfile

from OpenSSL import SSL, crypto

from libsrtp import PROFILES, Session, key_length, split_keys


class Dtls:
    """One end of a DTLS 1.2 connection over datagrams that the caller sends and receives.

    cookie: as server, answers the first ClientHello with a HelloVerifyRequest. mtu: no datagram of the handshake is longer.
    """

    def __init__(self, is_client, profile, key_log=None, mtu=1200, cookie=False, ciphers=None):
        self.profile = profile
        self.is_client = is_client
        self.mtu = mtu
        self.done = self.failed = False
        context = SSL.Context(SSL.DTLS_METHOD)
        certificate = _certificate()
        context.use_privatekey(crypto.load_privatekey(crypto.FILETYPE_PEM, certificate))
        context.use_certificate(crypto.load_certificate(crypto.FILETYPE_PEM, certificate))
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.set_tlsext_use_srtp(profile.encode())
        context.set_options(SSL.OP_NO_QUERY_MTU)
        if ciphers:
            context.set_cipher_list(ciphers.encode())
        if key_log:
            context.set_keylog_callback(lambda _, line: _append(key_log, line.decode()))
        context.set_cookie_generate_callback(lambda _: b"earshot-cookie-0")
        context.set_cookie_verify_callback(lambda _, given: given == b"earshot-cookie-0")
        parsed = crypto.load_certificate(crypto.FILETYPE_PEM, certificate)
        self.fingerprint = "sha-256 " + parsed.digest("sha256").decode()
        self._connection = SSL.Connection(context, None)
        self._connection.set_ciphertext_mtu(mtu)
        self._listening = cookie
        if is_client:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()

    def step(self, datagram=None):
        """Takes a datagram in, if there is one, and gives those to send. `done` says whether the handshake is."""
        if self.failed:
            return []
        if datagram is not None:
            self._connection.bio_write(datagram)
        try:
            if self._listening:
                self._connection.DTLSv1_listen()
                self._listening = False
                self._connection.set_ciphertext_mtu(self.mtu)
            if not self.done:
                self._connection.do_handshake()
                self.done = True
        except SSL.WantReadError:
            pass
        except SSL.Error:
            # The alert that says why is among the datagrams.
            self.failed = True
        return self._datagrams()

    def _datagrams(self):
        try:
            data = self._connection.bio_read(1 << 16)
        except SSL.WantReadError:
            return []
        out, at = [], 0
        while at < len(data):
            length = 13 + int.from_bytes(data[at + 11 : at + 13], "big")
            if out and len(out[-1]) + length <= self.mtu:
                out[-1] += data[at : at + length]
            else:
                out.append(data[at : at + length])
            at += length
        return out

    def close(self):
        """The datagrams of close_notify."""
        self._connection.shutdown()
        return self._datagrams()

    def keys(self, exported=None):
        """(suite, own key, the other end's key); what the exporter gave is added to the file `exported`."""
        suite = PROFILES[self.profile]
        material = self._connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * key_length(suite))
        if exported:
            _append(exported, f"{self.profile} {material.hex()}")
        suite, client, server = split_keys(self.profile, material)
        return (suite, client, server) if self.is_client else (suite, server, client)


class Sessions:
    """A libsrtp context for each SSRC under one key."""

    def __init__(self, suite, key):
        self._suite, self._key, self._sessions = suite, key, {}

    def of(self, ssrc):
        if ssrc not in self._sessions:
            self._sessions[ssrc] = Session(self._suite, [(self._key, b"")], ssrc)
        return self._sessions[ssrc]


def _append(path, line):
    with open(path, "a") as file:
        file.write(line + "\n")


def _certificate():
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = os.path.join(folder, "key"), os.path.join(folder, "certificate")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                        "-subj", "/CN=peer", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return open(key, "rb").read() + open(certificate, "rb").read()
