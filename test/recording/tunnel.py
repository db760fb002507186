"""One end of a tunnel without a link layer: a TUN device whose packets travel in UDP to the other end.

python3 tunnel.py DEVICE OWN-ADDRESS OTHER-ADDRESS PORT

Needs root in the namespace it runs in. Capturing on DEVICE gives packets without any link header (LINKTYPE_RAW).
"""
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000

device, own, other, port = sys.argv[1:5]
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.bind((own, int(port)))
link.connect((other, int(port)))
while True:
    ready, _, _ = select.select([tun, link], [], [])
    if tun in ready:
        try:
            link.send(os.read(tun, 2048))
        except ConnectionRefusedError:
            pass
    if link in ready:
        try:
            os.write(tun, link.recv(2048))
        except ConnectionRefusedError:
            pass
