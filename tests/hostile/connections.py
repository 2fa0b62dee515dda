"""What this process connects to, and a wall: nothing but the named peers is let out while somebody watches."""

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "::1")


@dataclass
class Watch:
    """Every connection that was tried.

    Attributes:
        peers: ports of this machine that a test serves on.
        public: the one public address that names may lead to; connecting to it is right, and is refused by the wall.
    """

    peers: tuple[int, ...]
    public: str
    to_peers: int = 0
    to_public: int = 0
    wrong: list[object] = field(default_factory=list)
    looked_up: list[object] = field(default_factory=list)

    def judge(self, address: object) -> None:
        """Count one connection; raise for all but those to our own peers."""
        host, port = (address[0], address[1]) if isinstance(address, tuple) else (address, 0)
        if host in LOOPBACK and port in self.peers:
            self.to_peers += 1
            return
        if host == self.public:
            self.to_public += 1
        else:
            self.wrong.append(address)
        raise ConnectionRefusedError(111, "the wall of the tests")


_watches: list[Watch] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not _watches:
        return
    if event == "socket.connect":
        _watches[-1].judge(arguments[1])
    elif event == "socket.getaddrinfo" and not _is_address(arguments[0]):
        # A second look-up, past the check of the first one's answer.
        _watches[-1].looked_up.append(arguments[0])


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


sys.addaudithook(_hear)


@contextmanager
def watching(*peers: int, public: str = "93.184.215.14") -> Iterator[Watch]:
    """Watch this process, and let it reach `peers` only."""
    watch = Watch(peers, public)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)
