"""farwire.py - a wire with a length: two network namespaces, 20 ms from one to the other.

The kernel of a test machine may lack netem, so two TUN devices are joined by a
thread that hands each packet over when its time has come.  Needs root.
"""
import collections
import contextlib
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import threading
import time

DELAY = 0.02                    # seconds, each way
NEAR, FAR = "10.88.0.1", "10.88.0.2"
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*args):
    subprocess.run(["ip", *args], check=True, capture_output=True)


def enter(path):
    """This thread, and those it starts, live in that namespace from now on."""
    with open(path, "rb") as ns:
        if LIBC.setns(ns.fileno(), 0x40000000) != 0:    # CLONE_NEWNET
            raise OSError(ctypes.get_errno(), "setns")


def device(name, address):
    enter("/run/netns/" + name)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH", b"wire0", 0x1001))  # TUNSETIFF: IFF_TUN, IFF_NO_PI
    for words in ("link set lo up", f"addr add {address}/24 dev wire0", "link set wire0 up"):
        ip("-n", name, *words.split())
    return tun


def carry(ends, stop):
    waiting = collections.deque()
    while not stop.is_set():
        left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.1
        for tun in select.select(ends, [], [], left)[0]:
            waiting.append((time.monotonic() + DELAY, ends[1 - ends.index(tun)], os.read(tun, 2048)))
        while waiting and waiting[0][0] <= time.monotonic():
            _, tun, packet = waiting.popleft()
            os.write(tun, packet)


@contextlib.contextmanager
def far_wire():
    """Inside, this thread is at the far end; the name of the near end is handed out."""
    names, ends, stop = [f"exvet-{end}-{os.getpid()}" for end in ("near", "far")], [], threading.Event()
    home = f"/proc/{os.getpid()}/task/{threading.get_native_id()}/ns/net"
    with open(home, "rb") as back:
        wire = threading.Thread(target=carry, args=(ends, stop))
        try:
            for name, address in zip(names, (NEAR, FAR)):
                ip("netns", "add", name)
                ends.append(device(name, address))
            wire.start()
            yield names[0]
        finally:
            LIBC.setns(back.fileno(), 0x40000000)
            stop.set()
            if wire.ident:
                wire.join()
            for tun in ends:
                os.close(tun)
            for name in names:
                subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
