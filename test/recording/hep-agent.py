"""A capture agent: reports the SIP, RTP and RTCP that its interface sees, as HEP version 3, the way heplify does it.

hep-agent.py --id 101 --name edge --to udp:10.77.0.3:9060 [--to tcp:10.77.0.3:9060] [--to http:10.77.0.3:9080]
    [--key secret] [--clock 0.25]   how many seconds its clock is ahead
    [--sip-only]                    no media
    [--reports]                     RTCP as JSON (protocol type 5), a log for each request (100), a quality report at the BYE (35)

By HTTP, messages are posted as application/hep, several in a body. Every report bears the Call-ID as correlation ID.
"""
import argparse
import json
import socket
import struct
import time

SIP, RTP, RTCP, QUALITY, LOG = 1, 4, 5, 35, 100
BATCH_SECONDS = 0.1

options = argparse.ArgumentParser()
options.add_argument('--id', type=int, required=True)
options.add_argument('--name', default='')
options.add_argument('--key', default='')
options.add_argument('--to', action='append', required=True)
options.add_argument('--clock', type=float, default=0)
options.add_argument('--sip-only', action='store_true')
options.add_argument('--reports', action='store_true')
options = options.parse_args()


class Collector:
    def __init__(self, where):
        self.transport, host, port = where.split(':')
        self.waiting = b''
        self.since = 0
        if self.transport == 'udp':
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.connect((host, int(port)))
        else:
            self.socket = socket.create_connection((host, int(port)))
        self.host = f'{host}:{port}'

    def send(self, message):
        if self.transport != 'http':
            self.socket.sendall(message)
            return
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting += message

    def flush(self):
        if not self.waiting or time.monotonic() - self.since < BATCH_SECONDS:
            return
        head = f'POST /hep HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/hep\r\n'
        self.socket.sendall(f'{head}Content-Length: {len(self.waiting)}\r\n\r\n'.encode() + self.waiting)
        self.waiting = b''


collectors = [Collector(where) for where in options.to]
call_id = b''


def chunk(kind, value, vendor=0):
    return struct.pack('!HHH', vendor, kind, 6 + len(value)) + value


def report(packet, kind, payload):
    source, destination, source_port, destination_port, when = packet
    when += options.clock
    body = chunk(1, b'\x02') + chunk(2, b'\x11') + chunk(3, source) + chunk(4, destination)
    body += chunk(7, struct.pack('!H', source_port)) + chunk(8, struct.pack('!H', destination_port))
    body += chunk(9, struct.pack('!I', int(when))) + chunk(10, struct.pack('!I', int(when % 1 * 1e6)))
    body += chunk(11, bytes([kind])) + chunk(12, struct.pack('!I', options.id))
    if options.key:
        body += chunk(14, options.key.encode())
    if call_id:
        body += chunk(17, call_id)
    if options.name:
        body += chunk(19, options.name.encode())
    # A vendor's own, which nobody knows.
    body += chunk(7, b'recorded', vendor=77) + chunk(15, payload)
    message = b'HEP3' + struct.pack('!H', 6 + len(body)) + body
    for collector in collectors:
        collector.send(message)


def rtcp_json(data):
    """The sender and receiver report at the front (RFC 3550 sections 6.4.1, 6.4.2)."""
    count, kind = data[0] & 31, data[1]
    said = {'ssrc': struct.unpack('!I', data[4:8])[0], 'type': kind, 'report_count': count}
    at = 8
    if kind == 200:
        seconds, fraction, timestamp, packets, octets = struct.unpack('!IIIII', data[8:28])
        said['sender_information'] = {
            'ntp_timestamp_sec': seconds,
            'ntp_timestamp_usec': fraction,
            'rtp_timestamp': timestamp,
            'packets': packets,
            'octets': octets,
        }
        at = 28
    blocks = []
    for _ in range(count):
        ssrc, lost, highest, jitter, last, delay = struct.unpack('!IIIIII', data[at : at + 24])
        blocks.append({
            'source_ssrc': ssrc,
            'fraction_lost': lost >> 24,
            'packets_lost': lost & 0xFFFFFF,
            'highest_seq_no': highest,
            'ia_jitter': jitter,
            'lsr': last,
            'dlsr': delay,
        })
        at += 24
    said['report_blocks'] = blocks
    return json.dumps(said).encode()


def sip(packet, payload):
    global call_id
    for line in payload.split(b'\r\n'):
        if line.lower().startswith(b'call-id:'):
            call_id = line[8:].strip()
    report(packet, SIP, payload)
    if not options.reports or payload.startswith(b'SIP/'):
        return
    method = payload.split(b' ')[0].decode()
    report(packet, LOG, f'{method} received, call {call_id.decode()}\n'.encode())
    if method == 'BYE':
        said = {'CORRELATION_ID': call_id.decode(), 'MOS': 4.3, 'JITTER': 1.25, 'PACKET_LOSS': 0, 'CODEC_NAME': 'PCMU'}
        report(packet, QUALITY, json.dumps(said).encode())


tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
tap.bind(('eth0', 0))
tap.settimeout(BATCH_SECONDS / 2)
while True:
    try:
        frame = tap.recv(65536)
    except socket.timeout:
        frame = b''
    for collector in collectors:
        collector.flush()
    # UDP over IPv4 without options, and none of its own.
    if len(frame) < 54 or frame[12:15] != b'\x08\x00\x45' or frame[23] != 17:
        continue
    source_port, destination_port, length = struct.unpack('!HHH', frame[34:40])
    payload = frame[42 : 34 + length]
    packet = (frame[26:30], frame[30:34], source_port, destination_port, time.time())
    if 5060 in (source_port, destination_port):
        sip(packet, payload)
    elif options.sip_only or not 6000 <= destination_port < 8000 or len(payload) < 8:
        continue
    elif 200 <= payload[1] <= 207:
        report(packet, RTCP, rtcp_json(payload) if options.reports and payload[1] < 202 else payload)
    else:
        report(packet, RTP, payload)
