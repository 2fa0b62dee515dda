"""Which URLs we ask at all: plain https (http where allowed) to a public name; either to a listed port of this machine.

What another reader might take for a different host is refused, never repaired: user names, escapes, backslashes,
controls, numbers in disguise (``2130706433``, ``0x7f.1``), characters that IDNA would fold (``①②⑦``).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote, urljoin, urlsplit

from badges_server.fetching.errors import UrlRefusedError

MAXIMUM_LENGTH = 2048
LOOPBACK_HOSTS = {"localhost": ("127.0.0.1", "::1"), "127.0.0.1": ("127.0.0.1",), "::1": ("::1",)}

_ODD_CHARACTERS = re.compile(r"\s|\\")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER_IN_DISGUISE = re.compile(r"[0-9]+|0x[0-9a-f]*")
# RFC 6761, 6762, 7686, 8375, 9476 and ICANN's .internal: never names of the public DNS.
_PRIVATE_SUFFIXES = (
    "localhost",
    "local",
    "internal",
    "onion",
    "alt",
    "invalid",
    "test",
    "home.arpa",
    "in-addr.arpa",
    "ip6.arpa",
)
# Services that a TLS greeting might disturb, and the "bad ports" of the Fetch standard above 1023.
_REFUSED_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000, 6379}
    | {6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9200, 9300, 10080, 10250, 11211, 27017}
)
_HTTPS_PORT = 443
_HTTP_PORT = 80
_FIRST_FREE_PORT = 1024


@dataclass(frozen=True)
class RequestUrl:
    """A URL that may be asked.

    Attributes:
        host: in lower case; an IPv6 address without brackets.
        target: path and query, as sent.
        loopback: it is a listed port of this machine.
    """

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str
    loopback: bool

    @property
    def host_header(self) -> str:
        """The value of the Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _HTTPS_PORT if self.scheme == "https" else _HTTP_PORT
        return host if self.port == usual else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.target}"

    def joined(self, reference: str) -> str:
        """Resolve the target of a redirect against this URL.

        Raises:
            UrlRefusedError: it is no URL reference.
        """
        try:
            return urljoin(str(self), reference)
        except ValueError as error:
            raise UrlRefusedError("a redirect to what is no URL", value=reference[:200]) from error


def checked_url(text: str, loopback_peers: Collection[int] = (), *, allow_http: bool = False) -> RequestUrl:
    """Take `text` apart and refuse whatever is not a plain URL of a public host; a fragment is left off.

    Raises:
        UrlRefusedError: it says what is wrong with it.
    """
    _check_text(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UrlRefusedError(f"not a URL: {error}", value=text[:200]) from error
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https"):
        raise UrlRefusedError("only https is asked", value=text[:200])
    if "@" in parts.netloc or parts.netloc.endswith(":"):
        raise UrlRefusedError("no user name, password or empty port", value=host)
    port = port if port is not None else (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT)
    loopback = _is_loopback_peer(parts.netloc, host, port, loopback_peers)
    if not loopback:
        _check_secure(parts.scheme, host, allow_http=allow_http)
        _check_public(host)
        _check_port(parts.scheme, port)
    scheme = cast("Literal['http', 'https']", parts.scheme)
    return RequestUrl(scheme, host, port, _target(parts.path, parts.query), loopback)


def _check_text(text: str) -> None:
    if len(text) > MAXIMUM_LENGTH:
        raise UrlRefusedError(f"longer than {MAXIMUM_LENGTH} characters", value=text[:200])
    if not text or not text.isprintable() or _ODD_CHARACTERS.search(text):
        raise UrlRefusedError("empty, or with white space, backslash or control characters", value=text[:200])
    authority = re.match(r"[^:/?#]*://([^/?#]*)", text)
    if authority is None or not authority[1].isascii() or "%" in authority[1]:
        raise UrlRefusedError("no host, or its name is not plain ASCII (use its xn-- form)", value=text[:200])


def _is_loopback_peer(netloc: str, host: str, port: int, peers: Collection[int]) -> bool:
    bracketed = netloc.startswith("[")
    return port in peers and host in LOOPBACK_HOSTS and bracketed == (":" in host)


def _check_secure(scheme: str, host: str, *, allow_http: bool) -> None:
    if scheme != "https" and not allow_http:
        raise UrlRefusedError("only https is asked", value=f"{scheme}://{host}")


def _check_public(host: str) -> None:
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefusedError("not the full name of a public host", value=host[:253])
    if _NUMBER_IN_DISGUISE.fullmatch(labels[-1]):
        raise UrlRefusedError("an address instead of a name", value=host)
    if any(host == suffix or host.endswith(f".{suffix}") for suffix in _PRIVATE_SUFFIXES):
        raise UrlRefusedError("a name that is never public", value=host)


def _check_port(scheme: str, port: int) -> None:
    usual = _HTTPS_PORT if scheme == "https" else _HTTP_PORT
    if port != usual and (port < _FIRST_FREE_PORT or port in _REFUSED_PORTS):
        raise UrlRefusedError("a port that is never asked", value=port)


def _target(path: str, query: str) -> str:
    """Escape what is not ASCII (IRI to URI, RFC 3987 section 3.1); everything else stays as it was written."""
    kept = "/:@!$&'()*+,;=-._~%?[]|{}^`\"<>"
    escaped = quote(path, safe=kept) or "/"
    return f"{escaped}?{quote(query, safe=kept)}" if query else escaped
