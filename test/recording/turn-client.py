#!/usr/bin/env python3
"""A TURN client (RFC 8656) that does one thing after another, right ones and wrong ones, and notes what came of each.

    turn-client.py SCENARIO --server 10.77.0.3:3478 --peer 10.77.0.2:3480 [--tcp] [--log steps.json]
    turn-client.py peer --own 10.77.0.2:3480        no client: sends back what comes, and something of its own every 5 s

The steps go to `--log`: [{"time": seconds since 1970, "did": ..., "got": ...}]. Times of retransmission are those of RFC 8489, 6.2.1.
"""
import argparse
import json
import select
import socket
import struct
import time

import stun

UDP, TCP = 17, 6


def address(text):
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Client:
    def __init__(self, option):
        self.option = option
        self.server = address(option.server)
        self.user, self.password = "alice", "lantern"
        self.realm = self.nonce = None
        self.keeps_nonce = False
        self.steps = []
        self.open()

    def open(self):
        family = socket.AF_INET6 if ":" in self.server[0] else socket.AF_INET
        kind = socket.SOCK_STREAM if self.option.tcp else socket.SOCK_DGRAM
        self.socket = socket.socket(family, kind)
        self.stream = b""
        if self.option.tcp:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.connect(self.server)

    def note(self, did, got):
        self.steps.append({"time": time.time(), "did": did, "got": got})

    def transmit(self, *messages):
        """Sends the messages: on TCP all of them in one segment."""
        if self.option.tcp:
            self.socket.sendall(b"".join(messages))
        else:
            for one in messages:
                try:
                    self.socket.sendto(one, self.server)
                except ConnectionError:
                    pass

    def messages(self, seconds):
        """What the server sends within so many seconds, message by message; what comes from elsewhere is not looked at."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if not select.select([self.socket], [], [], left)[0]:
                return
            if not self.option.tcp:
                octets, source = self.socket.recvfrom(65536)
                if source[:2] == self.server:
                    yield octets
                continue
            octets = self.socket.recv(65536)
            if not octets:
                return
            self.stream += octets
            while len(self.stream) >= 4:
                length = struct.unpack_from(">H", self.stream, 2)[0]
                length = 20 + length if self.stream[0] < 4 else 4 + length + -length % 4
                if len(self.stream) < length:
                    break
                one, self.stream = self.stream[:length], self.stream[length:]
                yield one

    def exchange(self, method, attributes):
        """One transaction: (success?, attributes), or None where nothing answers."""
        identifier = stun.new_id()
        key = None
        if self.nonce is not None:
            key = stun.long_term_key(self.user, self.realm, self.password)
            attributes = [*attributes, (stun.USERNAME, self.user.encode()), (stun.REALM, self.realm.encode()), (stun.NONCE, self.nonce)]
        # In IPv6 an address is XOR-ed with the transaction's number too.
        attributes = [(name, value(identifier) if callable(value) else value) for name, value in attributes]
        octets = stun.encode(method, identifier, attributes, key)
        waits = [7.9] if self.option.tcp else [0.5 * 2**n for n in range(6)] + [8]
        for wait in waits:
            self.transmit(octets)
            for one in self.messages(wait):
                answer = stun.decode(one)
                if answer and answer[1] == identifier:
                    return stun.class_of(answer[0]) == stun.SUCCESS, answer[2]
        return None

    def request(self, what, method, attributes=()):
        """A request, said again once after a 401 and once after a 438. Gives the attributes of the success, or the code."""
        for _ in range(3):
            answer = self.exchange(method, list(attributes))
            if answer is None:
                self.note(what, "no answer")
                return None
            success, found = answer
            if success:
                lifetime = found.get(stun.LIFETIME)
                self.note(what, "success" + (f", lifetime {struct.unpack('>I', lifetime)[0]}" if lifetime else ""))
                return found
            code, reason = stun.error_of(found)
            self.note(what, f"{code} {reason}")
            again = (code == 401 and self.nonce is None) or (code == 438 and not self.keeps_nonce)
            if not again:
                if code == 300:
                    self.alternate = stun.read_address(found[stun.ALTERNATE_SERVER])
                return code
            self.realm, self.nonce = found[stun.REALM].decode(), found[stun.NONCE]
        return None

    def allocate(self, lifetime=None, transport=UDP, family=None, more=()):
        attributes = [(stun.REQUESTED_TRANSPORT, bytes([transport, 0, 0, 0])), *more]
        if lifetime is not None:
            attributes.append((stun.LIFETIME, struct.pack(">I", lifetime)))
        if family is not None:
            attributes.append((stun.REQUESTED_FAMILY, bytes([family, 0, 0, 0])))
        return self.request("Allocate", stun.ALLOCATE, attributes)

    def refresh(self, lifetime):
        return self.request(f"Refresh {lifetime}", stun.REFRESH, [(stun.LIFETIME, struct.pack(">I", lifetime))])

    def peer(self, text=None):
        return address(text or self.option.peer)

    def permit(self, text=None):
        return self.request_about("CreatePermission", stun.CREATE_PERMISSION, [], text)

    def bind(self, channel, text=None):
        return self.request_about(f"ChannelBind {channel:#x}", stun.CHANNEL_BIND, [(stun.CHANNEL_NUMBER, struct.pack(">HH", channel, 0))], text)

    def request_about(self, what, method, attributes, text):
        host, port = self.peer(text)
        return self.request(f"{what} {host}:{port}", method, [*attributes, (stun.XOR_PEER_ADDRESS, lambda identifier: stun.xor_address(host, port, identifier))])

    def indication(self, data, text=None):
        identifier = stun.new_id()
        attributes = [(stun.XOR_PEER_ADDRESS, stun.xor_address(*self.peer(text), identifier)), (stun.DATA_ATTRIBUTE, data)]
        return stun.encode(stun.SEND | stun.INDICATION, identifier, attributes)

    def channel_data(self, channel, data):
        return struct.pack(">HH", channel, len(data)) + data + (bytes(-len(data) % 4) if self.option.tcp else b"")

    def data(self, times, make, every=0.1, what="data"):
        """Sends what make(n) gives so often, and counts what the peer sends meanwhile and half a second longer."""
        heard = 0
        for n in range(times):
            self.transmit(make(n))
            heard += sum(1 for one in self.messages(every) if is_data(one))
        heard += sum(1 for one in self.messages(0.5) if is_data(one))
        self.note(f"{times} × {what}", f"{heard} from the peer")


def is_data(octets):
    return octets[0] >= 0x40 or octets[:2] == b"\0\x17"


def text(n):
    return f"lantern {n:03}".encode()


def talk(client, times=3):
    client.data(times, lambda n: client.indication(text(n)), what="Send indication")


# --- scenarios


def wrong_password(client):
    """401 for want of credentials, 401 for wrong ones; and so again from another port."""
    for _ in range(2):
        client.password = "lanterns"
        client.allocate()
        client.realm = client.nonce = None
        client.open()


def stale_nonce(client):
    """The nonce ages; the server says 438 and the client goes on with the new one."""
    client.allocate()
    client.permit()
    talk(client)
    time.sleep(client.option.wait)
    client.refresh(600)
    talk(client)
    client.refresh(0)


def stale_nonce_loop(client):
    """The same, but the client never takes the new nonce."""
    client.allocate()
    client.permit()
    time.sleep(client.option.wait)
    client.keeps_nonce = True
    for _ in range(5):
        client.refresh(600)
        time.sleep(0.2)


def denied_peer(client):
    client.allocate()
    client.permit()
    client.bind(0x4000)
    talk(client, 2)
    client.refresh(0)


def before_permission(client):
    """Data for a peer that has no permission yet, then with it."""
    client.allocate()
    talk(client, 4)
    client.permit()
    talk(client)
    client.refresh(0)


def permission_expired(client):
    """The permission is never refreshed; the allocation is. Data goes on all the time, both ways."""
    client.allocate()
    client.permit()
    for _ in range(4):
        client.data(9, lambda n: client.indication(text(n)), 10, "Send indication, one in 10 s")
        client.refresh(600)
    client.permit()
    talk(client)
    client.refresh(0)


def channel_expired(client):
    """The channel is bound once and its 10 minutes go by, while allocation and permission are refreshed."""
    client.allocate()
    client.bind(0x4001)
    for _ in range(5):
        client.data(8, lambda n: client.channel_data(0x4001, text(n)), 15, "ChannelData, one in 15 s")
        client.permit()
        client.refresh(600)
    client.data(4, lambda n: client.channel_data(0x4001, text(n)), 4, "ChannelData, one in 4 s")
    talk(client)
    client.refresh(0)


def expired(client):
    """Nothing is refreshed in time: the allocation is gone, 437."""
    client.allocate(lifetime=client.option.wait - 3)
    client.permit()
    talk(client)
    time.sleep(client.option.wait)
    talk(client, 2)
    client.refresh(600)


def released(client):
    """Let go with lifetime 0; what is sent afterwards is sent to nobody."""
    client.allocate()
    client.bind(0x4000)
    client.data(3, lambda n: client.channel_data(0x4000, text(n)), what="ChannelData")
    client.refresh(0)
    # coturn lets go only with its next tick.
    time.sleep(3)
    client.data(3, lambda n: client.channel_data(0x4000, text(n)), what="ChannelData")
    client.refresh(600)


def one_way(client):
    client.allocate()
    client.permit()
    client.bind(0x4000)
    client.data(20, lambda n: client.channel_data(0x4000, text(n)), what="ChannelData")
    client.refresh(0)


def alternate(client):
    """300: the client goes where it is told to."""
    if client.allocate() == 300:
        client.server = client.alternate
        client.realm = client.nonce = None
        client.open()
        client.allocate()
        client.permit()
        talk(client)
        client.refresh(0)


def tcp_disabled(client):
    client.allocate(transport=TCP)


def no_ipv6(client):
    """440: an IPv6 relay address is not to be had here."""
    client.allocate(family=2)


def other_family(client):
    """443: an IPv6 peer for an IPv4 relay address."""
    client.allocate()
    client.permit("[fd77::2]:3480")
    client.refresh(0)


def second_allocation(client):
    """Two allocations of one user on two ports: the second is refused."""
    client.allocate()
    first = client.socket
    client.realm = client.nonce = None
    client.open()
    client.allocate()
    client.socket = first


def other_user(client):
    """441: another user's credentials for an allocation that is there."""
    client.allocate()
    client.user, client.password = "bob", "anchor"
    client.refresh(600)
    client.permit()


def bad_requests(client):
    """400, 420, 437 twice: a refresh without an allocation, a second Allocate on the same ports."""
    client.refresh(600)
    client.request("Allocate without REQUESTED-TRANSPORT", stun.ALLOCATE)
    client.allocate(more=[(0x7FFE, b"what")])
    client.allocate()
    client.allocate()
    client.bind(0x7FFF)
    client.bind(0x4000)
    client.bind(0x4001)
    client.refresh(0)


def binding(client):
    """Binding, nothing else."""
    client.request("Binding", stun.BINDING)


def classic_binding(client):
    """As RFC 3489 has it: no cookie, and CHANGE-REQUEST. Three times: plain, other port, other address and port."""
    for flags in (0, 2, 6):
        octets = stun.encode(stun.BINDING, stun.new_id(), [(3, struct.pack(">I", flags))], None, False, 0x0C0FFEE0)
        client.transmit(octets)
        kinds = {struct.unpack_from(">H", one)[0] for one in client.messages(1)}
        got = "success" if stun.BINDING | stun.SUCCESS in kinds else "an error" if kinds else "no answer"
        client.note(f"Binding (RFC 3489), change flags {flags}", got)


def segments(client):
    """Over TCP: a Send indication and two ChannelData in one segment, then one ChannelData in two segments."""
    client.allocate()
    client.bind(0x4000)
    client.transmit(client.indication(text(0)), client.channel_data(0x4000, b"one"), client.channel_data(0x4000, b"seven77"))
    client.data(0, None, what="indication and two ChannelData in one segment")
    whole = client.channel_data(0x4000, b"in two segments")
    client.transmit(whole[:2])
    time.sleep(0.1)
    client.transmit(whole[2:9])
    time.sleep(0.1)
    client.transmit(whole[9:] + client.channel_data(0x4000, b""))
    client.data(0, None, what="ChannelData in three segments, an empty one behind it")
    client.refresh(0)


def unanswered(client):
    """Nothing comes of the first Allocate."""
    client.allocate()


def talk_v6(client):
    client.allocate(family=2)
    client.permit()
    talk(client)
    client.bind(0x4000)
    client.data(3, lambda n: client.channel_data(0x4000, text(n)), what="ChannelData")
    client.refresh(0)


def be_peer(option):
    own = address(option.own)
    family = socket.AF_INET6 if ":" in own[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as port:
        port.bind(own)
        port.settimeout(5)
        last, n = None, 0
        while True:
            try:
                octets, last = port.recvfrom(65536)
                port.sendto(octets, last)
            except TimeoutError:
                if last:
                    port.sendto(f"from the peer {n:03}".encode(), last)
                    n += 1
            except ConnectionError:
                pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("--server", default="10.77.0.3:3478")
    parser.add_argument("--peer", default="10.77.0.2:3480")
    parser.add_argument("--own")
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("--wait", type=int, default=5)
    parser.add_argument("--log")
    option = parser.parse_args()
    if option.scenario == "peer":
        be_peer(option)
        return
    client = Client(option)
    globals()[option.scenario.replace("-", "_")](client)
    if option.log:
        with open(option.log, "w") as file:
            json.dump(client.steps, file)
    for step in client.steps:
        print(step["did"], "→", step["got"])


if __name__ == "__main__":
    main()
