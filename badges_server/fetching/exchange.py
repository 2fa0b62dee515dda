"""One HTTP question and its whole answer, under a deadline and a size limit.

The connection goes to an address that was checked before; the name is kept for TLS (SNI and certificate) and for the
Host header. There is no proxy, cookie, credential or retry.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from badges_server.fetching.content_coding import ACCEPTED_CODINGS, BodyReader
from badges_server.fetching.errors import TooSlowError, UnreachableError
from badges_server.fetching.request_url import RequestUrl

_CHUNK = 16 * 1024
_PICTURES = frozenset({"image/png", "image/svg+xml"})


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost, redirects included."""

    connect_seconds: float = 3.0
    total_seconds: float = 10.0
    max_bytes: int = 1024 * 1024
    max_picture_bytes: int = 5 * 1024 * 1024
    max_redirects: int = 3

    def bytes_of(self, content_type: str, accept: str) -> int:
        """How long an answer of that type may be: a picture is larger than a document, where one was asked for."""
        media_type = content_type.partition(";")[0].strip().lower()
        is_wanted = media_type in _PICTURES and media_type in accept
        return self.max_picture_bytes if is_wanted else self.max_bytes


@dataclass(frozen=True)
class Answer:
    """An answer as it came, decoded from its content coding; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Deadline:
    """A moment that everything must be over by."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            TooSlowError: none is left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise TooSlowError("the answer did not come whole within the time allowed")
        return left


class _Patient:
    """A socket whose every wait ends at the deadline, so that an answer cannot be dripped for ever."""

    deadline: Deadline | None = None

    def recv_into(self: Any, *args: Any, **kwargs: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.remaining())
        received: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]  # mixed into sockets only
        return received


class _TlsSocket(_Patient, ssl.SSLSocket):
    """The one under https."""


class _PlainSocket(_Patient, socket.socket):
    """The one under http."""


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        """Connect as usual, and take the connected socket over into one that keeps the deadline."""
        super().connect()
        connected = self.sock
        patience = connected.gettimeout()
        self.sock = _PlainSocket(connected.family, connected.type, connected.proto, connected.detach())
        self.sock.settimeout(patience)


def public_tls() -> ssl.SSLContext:
    """TLS 1.2 or later, certificates of the system's authorities, names checked."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Exchange:
    """Asks one address one question."""

    def __init__(self, user_agent: str, limits: Limits, tls: ssl.SSLContext | None = None) -> None:
        self._user_agent = user_agent
        self._limits = limits
        self._trusted = tls

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = self._trusted or public_tls()
        context.sslsocket_class = _TlsSocket
        return context

    def ask(self, url: RequestUrl, address: str, accept: str, deadline: Deadline) -> Answer:
        """Send a GET for `url` to `address` and read the whole answer.

        Raises:
            UnreachableError: no connection, no valid certificate, or no HTTP.
            TooSlowError, TooLargeError, EncodingRefusedError: the answer is not one we take.
        """
        connection = self._connection(url, address, deadline)
        try:
            return self._answer(connection, url, accept, deadline)
        except NewConnectionError as error:  # which urllib3 counts among the timeouts
            raise UnreachableError("no connection", value=url.host) from error
        except (ConnectTimeoutError, ReadTimeoutError, TimeoutError) as error:
            raise TooSlowError("no whole answer within the time allowed", value=url.host) from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise UnreachableError(f"no proper answer ({type(error).__name__})", value=url.host) from error
        finally:
            connection.close()

    def _connection(self, url: RequestUrl, address: str, deadline: Deadline) -> HTTPConnection:
        # Connecting and the TLS greeting each wait at most this long.
        patience = min(self._limits.connect_seconds, deadline.remaining() / 2)
        if url.scheme == "https":
            return HTTPSConnection(address, url.port, timeout=patience, ssl_context=self._tls, server_hostname=url.host)
        return _PlainConnection(address, url.port, timeout=patience)

    def _answer(self, connection: HTTPConnection, url: RequestUrl, accept: str, deadline: Deadline) -> Answer:
        connection.connect()
        connection.timeout = deadline.remaining()
        if isinstance(connection.sock, _Patient):
            connection.sock.deadline = deadline
        connection.request("GET", url.target, headers=self._headers(url, accept), preload_content=False)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = BodyReader(
            headers.get("content-encoding", ""), self._limits.bytes_of(headers.get("content-type", ""), accept)
        )
        for chunk in response.stream(_CHUNK, decode_content=False):
            deadline.remaining()
            body.feed(chunk)
        return Answer(response.status, headers, body.whole())

    def _headers(self, url: RequestUrl, accept: str) -> dict[str, str]:
        return {
            "Host": url.host_header,
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": ACCEPTED_CODINGS,
            "Connection": "close",
        }
