"""A peer on this machine that answers what a test tells it to, and a record of every connection this process makes."""

import socket  # noqa: TID251  (the peer listens; the product's guard is what is tested)
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS: list[object] = []


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        CONNECTIONS.append(arguments[1])


sys.addaudithook(_record)


@dataclass
class Peer:
    """Answers by path; an answer is the raw bytes of an HTTP response, or a function that writes them."""

    answers: Mapping[str, bytes | Callable[[socket.socket], None]]
    port: int = 0
    requests: list[str] = field(default_factory=list)

    def url(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://localhost:{self.port}{path}"


def reply(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(target: str, status: str = "302 Found") -> bytes:
    return reply(b"", status, Location=target)


@contextmanager
def serving(peer: Peer, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    listener = socket.create_server(("127.0.0.1", 0))
    peer.port = listener.getsockname()[1]
    thread = threading.Thread(target=_serve, args=(listener, peer, tls), daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        # Closing alone would not wake the accepting thread.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _serve(listener: socket.socket, peer: Peer, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, peer, tls), daemon=True).start()


def _answer(connection: socket.socket, peer: Peer, tls: ssl.SSLContext | None) -> None:
    try:
        connection.settimeout(10)
        with tls.wrap_socket(connection, server_side=True) if tls else connection as stream:
            request = b""
            while b"\r\n\r\n" not in request:
                received = stream.recv(4096)
                if not received:
                    return
                request += received
            peer.requests.append(request.decode("latin-1"))
            answer = peer.answers.get(request.split(b" ")[1].decode("latin-1"), reply(b"", "404 Not Found"))
            stream.sendall(answer) if isinstance(answer, bytes) else answer(stream)
    except OSError:
        return  # the asker went away, which some tests are about


def tls_pair(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for `name`; give the context that serves it and the one that trusts it."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2060, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / f"{name}.pem"
    file.write_bytes(key.private_bytes(*private) + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
