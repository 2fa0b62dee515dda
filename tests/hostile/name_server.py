"""A name server on this machine that answers as an attacker would, and the question put to it (RFC 1035)."""

import ipaddress
import socket  # noqa: TID251  (a name server for tests)
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

TYPE_A, TYPE_AAAA = 1, 28
_HEAD = struct.Struct(">HHHHHH")

# Gives the addresses of a name, by how often it was asked before.
Zone = Callable[[str, int], Sequence[str]]


@dataclass
class NameServer:
    """Answers over UDP, with a lifetime of 0."""

    zone: Zone
    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    answered: int = 0

    def resolve(self, host: str) -> list[str]:
        """Ask over the wire as a stub resolver does; fits `Fetcher(resolve=…)`."""
        name = b"".join(bytes([len(label)]) + label.encode("ascii") for label in host.split("."))
        question = name + b"\0" + struct.pack(">HH", TYPE_A, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(_HEAD.pack(7, 0x0100, 1, 0, 0, 0) + question, ("127.0.0.1", self.port))
            answer = asking.recvfrom(4096)[0]
        return list(_addresses(answer, len(_HEAD.pack(0, 0, 0, 0, 0, 0)) + len(question)))

    def answer(self, query: bytes) -> bytes:
        """Answer one query with records of both kinds, as a resolver would collect them."""
        identifier = _HEAD.unpack_from(query)[0]
        labels, offset = [], _HEAD.size
        while query[offset]:
            labels.append(query[offset + 1 : offset + 1 + query[offset]].decode("ascii"))
            offset += 1 + query[offset]
        name = ".".join(labels)
        records = [_record(address) for address in self.zone(name, self.asked[name])]
        self.asked[name] += 1
        self.answered += 1
        question = query[_HEAD.size : offset + 5]
        return _HEAD.pack(identifier, 0x8180, 1, len(records), 0, 0) + question + b"".join(records)


def _record(text: str) -> bytes:
    address = ipaddress.ip_address(text)
    kind = TYPE_A if address.version == 4 else TYPE_AAAA
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(address.packed)) + address.packed


def _addresses(answer: bytes, offset: int) -> Iterator[str]:
    for _ in range(_HEAD.unpack_from(answer)[3]):
        length = struct.unpack_from(">H", answer, offset + 10)[0]
        packed = answer[offset + 12 : offset + 12 + length]
        yield str(ipaddress.ip_address(packed))
        offset += 12 + length


@contextmanager
def naming(zone: Zone) -> Iterator[NameServer]:
    """Serve `zone` on a port of this machine."""
    server = NameServer(zone)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server.port = listening.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(listening, server), daemon=True)
        thread.start()
        yield server
        listening.sendto(b"", ("127.0.0.1", server.port))
        thread.join(5)


def _serve(listening: socket.socket, server: NameServer) -> None:
    while True:
        query, asker = listening.recvfrom(4096)
        if not query:
            return
        listening.sendto(server.answer(query), asker)
