"""The guarded fetcher against a hostile peer and a hostile name server."""

import gzip
import socket  # noqa: TID251  (types of the peer's connections)
import time
import traceback
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from badges_server.fetching.content_coding import BodyReader
from badges_server.fetching.errors import (
    AddressRefusedError,
    EncodingRefusedError,
    FetchError,
    NameNotResolvedError,
    TooLargeError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
    UrlRefusedError,
)
from badges_server.fetching.exchange import Limits
from badges_server.fetching.fetched import CREDENTIAL, Fetched
from badges_server.fetching.fetcher import Fetcher, FetchPolicy
from badges_server.fetching.resolving import system_resolve

from .peers import CONNECTIONS, Peer, redirect, reply, serving, tls_pair
from .test_request_url import HOSTILE
from .test_special_addresses import SPECIAL


@pytest.fixture(autouse=True)
def _no_connections() -> Iterator[None]:
    CONNECTIONS.clear()
    yield
    for address in CONNECTIONS:
        assert isinstance(address, tuple)
        assert address[0] in ("127.0.0.1", "::1")


def fetcher_for(
    peer: Peer, limits: Limits | None = None, resolve: Callable[[str], Sequence[str]] | None = None
) -> Fetcher:
    policy = FetchPolicy(loopback_peers=(peer.port,), limits=limits or Limits())
    return Fetcher(policy, resolve=resolve or (lambda _host: []))


def test_an_answer_comes_whole_with_its_headers() -> None:
    with serving(Peer({"/a?b=c": reply(b'{"a":1}', Content_Type="application/json; charset=utf-8")})) as peer:
        answer = fetcher_for(peer).fetch(peer.url("/a?b=c#part"), accept="application/ld+json")

    assert answer == Fetched(peer.url("/a?b=c"), 200, b'{"a":1}', answer.headers)
    assert answer.content_type == "application/json"
    request = peer.requests[0].lower()
    assert f"host: localhost:{peer.port}\r\n" in request
    assert "accept: application/ld+json\r\n" in request
    assert "user-agent: badges-server" in request
    assert "cookie" not in request
    assert "authorization" not in request


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "500 Oops"])
def test_a_refusal_by_the_peer_is_an_answer(status: str) -> None:
    with serving(Peer({"/a": reply(b"no", status)})) as peer:
        assert fetcher_for(peer).fetch(peer.url("/a")).status == int(status[:3])


def test_a_chunked_and_zipped_answer_is_unpacked() -> None:
    packed = gzip.compress(b"x" * 5000)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    with serving(Peer({"/a": head + chunked})) as peer:
        assert fetcher_for(peer).fetch(peer.url("/a")).body == b"x" * 5000


@pytest.mark.parametrize("body", [b"x" * 1025, b"x" * 1_000_000])
def test_a_large_answer_is_refused(body: bytes) -> None:
    with serving(Peer({"/a": reply(body)})) as peer, pytest.raises(TooLargeError):
        fetcher_for(peer, Limits(max_bytes=1024)).fetch(peer.url("/a"))


def test_an_answer_as_large_as_allowed_is_taken() -> None:
    with serving(Peer({"/a": reply(b"x" * 1024)})) as peer:
        assert len(fetcher_for(peer, Limits(max_bytes=1024)).fetch(peer.url("/a")).body) == 1024


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    with serving(Peer({"/a": reply(bomb, Content_Encoding="gzip")})) as peer, pytest.raises(TooLargeError):
        fetcher_for(peer).fetch(peer.url("/a"))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", b"x"),
        ("zstd", b"x"),
        ("deflate", zlib.compress(b"x")),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x"))),
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"x" * 100)[:-9]),
        ("gzip", gzip.compress(b"x") + b"more"),
        ("gzip", gzip.compress(b"x") + b"m" * 100_000),
        ("gzip", gzip.compress(b"x") + gzip.compress(b"y")),
    ],
    ids=["br", "zstd", "deflate", "twice", "not gzip", "cut short", "more after", "much more after", "two members"],
)
def test_an_odd_content_coding_is_refused(coding: str, body: bytes) -> None:
    with serving(Peer({"/a": reply(body, Content_Encoding=coding)})) as peer, pytest.raises(EncodingRefusedError):
        fetcher_for(peer).fetch(peer.url("/a"))


def test_chunks_after_the_end_of_the_stream_are_refused() -> None:
    reader = BodyReader("gzip", 100)
    reader.feed(gzip.compress(b"x"))
    with pytest.raises(EncodingRefusedError):
        reader.feed(b"more")


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    with serving(Peer({"/5": reply(b"end"), "/4": redirect("/5"), "/3": redirect("4")})) as peer:
        peer.answers = {**peer.answers, "/2": redirect(peer.url("/3"), "308 Permanent"), "/1": redirect("/2")}
        fetcher = fetcher_for(peer)

        assert fetcher.fetch(peer.url("/2")) == Fetched(peer.url("/5"), 200, b"end", {"content-length": "3"})
        with pytest.raises(TooManyRedirectsError):
            fetcher.fetch(peer.url("/1"))


@pytest.mark.parametrize("target", [*HOSTILE[1:], "http://127.0.0.1:1/", "https://inside.example/"])
def test_a_redirect_to_an_odd_place_is_not_followed(target: str) -> None:
    usable = target.isascii() and target.isprintable() and target.strip() and "://" in target
    if not usable or target.startswith("https://badges.example/"):
        target = "file:///etc/passwd"  # what a Location header cannot carry, or leads back to a plain URL
    with serving(Peer({"/a": redirect(target)})) as peer, pytest.raises(FetchError) as refusal:
        fetcher_for(peer, resolve=lambda _host: ["10.0.0.1"]).fetch(peer.url("/a"))

    assert isinstance(refusal.value, UrlRefusedError | AddressRefusedError)
    assert {address[1] for address in CONNECTIONS if isinstance(address, tuple)} <= {peer.port}


@pytest.mark.parametrize("url", HOSTILE)
def test_an_odd_url_makes_no_connection(url: str) -> None:
    with pytest.raises(UrlRefusedError):
        Fetcher(FetchPolicy(loopback_peers=(8000,))).fetch(url)

    assert CONNECTIONS == []


@pytest.mark.parametrize("address", [*SPECIAL, "fe80::1%lo", "not an address", ""])
def test_a_name_that_leads_inside_makes_no_connection(address: str) -> None:
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["93.184.215.14", address]

    with pytest.raises(AddressRefusedError):
        Fetcher(resolve=resolve).fetch("https://rebinding.example/")

    assert asked == ["rebinding.example"]
    assert CONNECTIONS == []


def test_a_name_is_resolved_once_and_that_very_address_is_connected_to() -> None:
    answers = iter([["203.0.113.9"]])
    with pytest.raises(AddressRefusedError):
        Fetcher(resolve=lambda _host: next(answers)).fetch("https://badges.example/")


def no_such_name(_host: str) -> list[str]:
    raise OSError(-2, "Name or service not known")


def test_a_name_without_address_is_said_so() -> None:
    with pytest.raises(NameNotResolvedError):
        Fetcher(resolve=no_such_name).fetch("https://badges.example/")
    with pytest.raises(NameNotResolvedError):
        Fetcher(resolve=lambda _host: []).fetch("https://badges.example/")


def test_a_name_server_that_never_answers_is_left() -> None:
    def resolve(_host: str) -> list[str]:
        time.sleep(2)
        return []

    with pytest.raises(TooSlowError):
        Fetcher(FetchPolicy(limits=Limits(connect_seconds=0.05)), resolve=resolve).fetch("https://badges.example/")


def test_nobody_listening_is_unreachable() -> None:
    with serving(Peer({})) as peer:
        pass
    with pytest.raises(UnreachableError):
        fetcher_for(peer).fetch(peer.url("/"))


@pytest.mark.parametrize(
    "answer", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", b"\0" * 99]
)
def test_what_is_no_http_is_unreachable(answer: bytes) -> None:
    with serving(Peer({"/a": answer})) as peer, pytest.raises(UnreachableError):
        fetcher_for(peer).fetch(peer.url("/a"))


def dripping(stream: socket.socket) -> None:
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(40):
        stream.sendall(b"x")
        time.sleep(0.1)


def dripping_headers(stream: socket.socket) -> None:
    stream.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(40):
        stream.sendall(b"X")
        time.sleep(0.1)


def silent(_stream: socket.socket) -> None:
    time.sleep(2)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("manner", [dripping, dripping_headers, silent])
def test_an_answer_that_drips_is_left_at_the_deadline(
    manner: Callable[[socket.socket], None], scheme: str, tmp_path: Path
) -> None:
    serves, trusts = tls_pair(tmp_path, "localhost")
    with serving(Peer({"/a": manner}), serves if scheme == "https" else None) as peer:
        limits = Limits(total_seconds=0.5)
        fetcher = Fetcher(FetchPolicy(loopback_peers=(peer.port,), limits=limits, tls=trusts))
        started = time.monotonic()
        with pytest.raises(TooSlowError):
            fetcher.fetch(peer.url("/a", scheme))

    assert time.monotonic() - started < 1.5


def slow_redirect(stream: socket.socket) -> None:
    time.sleep(0.3)
    stream.sendall(redirect("/a"))


def test_redirects_share_one_deadline() -> None:
    with serving(Peer({"/a": slow_redirect})) as peer, pytest.raises(TooSlowError):
        fetcher_for(peer, Limits(total_seconds=0.5)).fetch(peer.url("/a"))


def test_a_greeting_that_never_ends_is_left() -> None:
    """Nobody speaks TLS there: the peer waits for a request that never comes."""
    with serving(Peer({})) as peer:
        started = time.monotonic()
        with pytest.raises((TooSlowError, UnreachableError)):
            fetcher_for(peer, Limits(connect_seconds=0.3)).fetch(peer.url("/a", "https"))

    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("content_type", "accept", "is_taken"),
    [
        ("image/png", CREDENTIAL, True),
        ("Image/SVG+XML; charset=utf-8", CREDENTIAL, True),
        ("image/png", "application/json", False),
        ("application/json", CREDENTIAL, False),
        ("image/gif", CREDENTIAL, False),
    ],
)
def test_only_a_picture_that_was_asked_for_may_be_larger(content_type: str, accept: str, is_taken: bool) -> None:
    large = reply(b"x" * 1025, Content_Type=content_type)
    huge = reply(b"x" * 2049, Content_Type=content_type)
    with serving(Peer({"/large": large, "/huge": huge})) as peer:
        fetcher = fetcher_for(peer, Limits(max_bytes=1024, max_picture_bytes=2048))
        with nullcontext() if is_taken else pytest.raises(TooLargeError):
            assert len(fetcher.fetch(peer.url("/large"), accept).body) == 1025
        with pytest.raises(TooLargeError):
            fetcher.fetch(peer.url("/huge"), accept)


def test_a_kept_failure_is_raised_anew_each_time() -> None:
    fetcher = Fetcher(resolve=no_such_name)
    errors = []
    for _ in range(3):
        with pytest.raises(NameNotResolvedError) as refusal:
            fetcher.fetch("https://badges.example/")
        errors.append(refusal.value)

    assert len({id(error) for error in errors}) == 3
    assert {str(error) for error in errors} == {"this host has no address"}
    assert [len(traceback.extract_tb(error.__traceback__)) for error in errors[1:]] == [2, 2]
    assert errors[2].__cause__ is None


def test_plain_http_is_asked_only_where_the_operator_allows_it() -> None:
    def inside(_host: str) -> list[str]:
        return ["10.0.0.1"]

    with pytest.raises(UrlRefusedError):
        Fetcher(resolve=inside).fetch("http://badges.example/")
    # Allowed, and guarded like the other: it gets as far as the address.
    with pytest.raises(AddressRefusedError):
        Fetcher(FetchPolicy(allow_http=True), resolve=inside).fetch("http://badges.example/")


def test_https_is_not_redirected_to_http(tmp_path: Path) -> None:
    serves, trusts = tls_pair(tmp_path, "localhost")
    with serving(Peer({"/a": redirect("http://badges.example/")}), serves) as peer:
        policy = FetchPolicy(loopback_peers=(peer.port,), allow_http=True, tls=trusts)
        with pytest.raises(UrlRefusedError, match="from https to http"):
            Fetcher(policy, resolve=lambda _host: ["10.0.0.1"]).fetch(peer.url("/a", "https"))


def test_tls_goes_to_the_address_with_the_name_kept(tmp_path: Path) -> None:
    serves, trusts = tls_pair(tmp_path, "localhost")
    names: list[str | None] = []
    serves.sni_callback = lambda _socket, name, _context: names.append(name)
    with serving(Peer({"/a": reply(b"ok")}), serves) as peer:
        fetcher = Fetcher(FetchPolicy(loopback_peers=(peer.port,), tls=trusts))

        assert fetcher.fetch(peer.url("/a", "https")).body == b"ok"
    assert names == ["localhost"]


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_unreachable(tmp_path: Path, name: str) -> None:
    serves, trusts = tls_pair(tmp_path, name)
    with serving(Peer({"/a": reply(b"ok")}), serves) as peer, pytest.raises(UnreachableError):
        Fetcher(FetchPolicy(loopback_peers=(peer.port,), tls=trusts)).fetch(peer.url("/a", "https"))


def test_a_certificate_of_an_unknown_authority_is_unreachable(tmp_path: Path) -> None:
    serves, _ = tls_pair(tmp_path, "localhost")
    with serving(Peer({"/a": reply(b"ok")}), serves) as peer, pytest.raises(UnreachableError):
        fetcher_for(peer).fetch(peer.url("/a", "https"))


def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Peer({})) as proxy, serving(Peer({"/a": reply(b"direct")})) as peer:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("/"))

        assert fetcher_for(peer).fetch(peer.url("/a")).body == b"direct"
    assert proxy.requests == []


def test_our_own_pages_are_answered_in_process_even_behind_a_redirect() -> None:
    ours = Fetched("https://our.example/x", 200, b"ours")

    def answer_locally(url: str, accept: str) -> Fetched | None:
        return ours if url.startswith("https://our.example/") and accept == "application/json" else None

    with serving(Peer({"/a": redirect("https://our.example/x")})) as peer:
        fetcher = Fetcher(
            FetchPolicy(loopback_peers=(peer.port,)), answer_locally=answer_locally, resolve=lambda _host: ["10.0.0.1"]
        )

        assert fetcher.fetch("https://our.example/x") is ours
        assert fetcher.fetch(peer.url("/a")) is ours
        with pytest.raises(AddressRefusedError):
            fetcher.fetch("https://other.example/x")


def test_an_answer_and_a_failure_are_kept_for_a_while() -> None:
    now = [0.0]
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return []

    with serving(Peer({"/a": reply(b"1"), "/b": reply(b"2", Cache_Control="no-store")})) as peer:
        fetcher = Fetcher(FetchPolicy(loopback_peers=(peer.port,)), resolve=resolve, clock=lambda: now[0])
        for path in ("/a", "/a", "/b", "/b"):
            fetcher.fetch(peer.url(path))
        for _ in range(2):
            with pytest.raises(NameNotResolvedError):
                fetcher.fetch("https://dead.example/")

        assert [request.split(" ")[1] for request in peer.requests] == ["/a", "/b", "/b"]
        assert asked == ["dead.example"]
        now[0] = 61.0
        fetcher.fetch(peer.url("/a"))
        with pytest.raises(NameNotResolvedError):
            fetcher.fetch("https://dead.example/")
        assert len(peer.requests) == 4
        assert len(asked) == 2


def test_a_redirect_without_a_target_is_not_followed() -> None:
    with serving(Peer({"/a": reply(b"", "302 Found")})) as peer, pytest.raises(TooManyRedirectsError):
        fetcher_for(peer).fetch(peer.url("/a"))


def test_the_systems_resolver_is_asked_by_name() -> None:
    assert set(system_resolve("localhost")) <= {"127.0.0.1", "::1"}
