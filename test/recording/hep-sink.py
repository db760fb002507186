"""A capture server that listens and says nothing: hep-sink.py ADDRESS PORT, UDP and TCP."""
import selectors
import socket
import sys

where = (sys.argv[1], int(sys.argv[2]))
selector = selectors.DefaultSelector()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(where)
listener = socket.create_server(where)
selector.register(datagrams, selectors.EVENT_READ)
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            selector.register(listener.accept()[0], selectors.EVENT_READ)
        elif not key.fileobj.recv(65536) and key.fileobj is not datagrams:
            selector.unregister(key.fileobj)
            key.fileobj.close()
