#!/usr/bin/env python3
"""dnsd.py ADDRESS - a name server for benches on one address, port 53.

hN.test has the IPv4 address 127.64.0.0 + N, deadN.test never gets an answer,
every other name does not exist.
"""
import socket
import struct
import sys


def name_of(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace"))
        at += 1 + query[at]
    return ".".join(labels).lower(), at + 5


def answer(query):
    name, end = name_of(query)
    kind = struct.unpack("!H", query[end - 4:end - 2])[0]
    if name.startswith("dead"):
        return None
    known = name.startswith("h") and name.endswith(".test") and name[1:-5].isdigit()
    has = known and kind == 1
    head = query[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, int(has), 0, 0)
    reply = head + query[12:end]
    if has:
        reply += struct.pack("!HHHIHI", 0xC00C, 1, 1, 60, 4, 0x7F400000 + int(name[1:-5]))
    return reply


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        sock.bind((sys.argv[1], 53))
        print("ready", flush=True)
        while True:
            query, peer = sock.recvfrom(512)
            reply = answer(query) if len(query) > 16 else None
            if reply:
                sock.sendto(reply, peer)


main()
