"""tlsrelay.py - a listener that counts who comes, and how many are there at once."""
import select
import socket
import threading


class CountingRelay:
    """host:port to a server; carry(peer), which a subclass has, talks for one connection and ends it by leave()."""

    def __init__(self, server, host):
        self.server, self.total, self.most, self.peers = server, 0, 0, set()
        self.lock = threading.Lock()
        self.listener = socket.create_server((host, 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.listener.accept()
            with self.lock:
                self.peers.add(peer)
                self.total += 1
                count = self.open()
                self.most = max(self.most, count)
                more = self.admit(peer, count)
            if more is not None:
                threading.Thread(target=self.carry, args=(peer, *more), daemon=True).start()

    def admit(self, peer, count):
        """What carry() is told beside the peer; None: the peer was ended at once."""
        return ()

    def end(self, peer):
        peer.close()

    def open(self):
        """Those whose end has not come; our threads may be late to see it."""
        poll = select.poll()
        for peer in self.peers:
            poll.register(peer, select.POLLRDHUP)
        return len(self.peers) - len(poll.poll(0))

    def leave(self, peer):
        with self.lock:
            self.peers.discard(peer)
            self.end(peer)
