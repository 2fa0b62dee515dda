import pytest

from badges_server.fetching.errors import UrlRefusedError
from badges_server.fetching.request_url import checked_url

PLAIN = [
    ("https://badges.example/a", "https://badges.example/a"),
    ("https://badges.example", "https://badges.example/"),
    ("HTTPS://Badges.Example/A?b=c#d", "https://badges.example/A?b=c"),
    ("https://badges.example:443/", "https://badges.example/"),
    ("https://badges.example:8443/", "https://badges.example:8443/"),
    ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ("https://badges.example/é?ç=%41", "https://badges.example/%C3%A9?%C3%A7=%41"),
    ("https://badges.example?x", "https://badges.example/?x"),
]

# What must never be asked, whatever the reason.
HOSTILE = [
    "",
    " ",
    "badges.example",
    "//badges.example/",
    "http://badges.example/",
    "ftp://badges.example/",
    "file:///etc/passwd",
    "gopher://badges.example/",
    "data:application/json,{}",
    "javascript:alert(1)",
    "https:badges.example",
    "https:/badges.example",
    "https:///badges.example",
    "https://",
    "https://:443/",
    "https://localhost/",
    "https://localhost./",
    "https://localhost:8002/",
    "http://localhost/",
    "http://localhost:8001/",
    "http://127.0.0.1:8001/",
    "http://[::1]:8001/",
    "http://127.1:8000/",
    "http://[::ffff:127.0.0.1]:8000/",
    "http://localhost.:8000/",
    "http://user@localhost:8000/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://8.8.8.8/",
    "https://1.2.3.4.5/",
    "https://badges.0x10/",
    "https://[::1]/",
    "https://[2606:4700::1111]/",
    "https://[fe80::1%25eth0]/",
    "https://[::/",
    "https://0/",
    "https://0.0.0.0/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://router.local/",
    "https://app.localhost/",
    "https://nas.home.arpa/",
    "https://hidden.onion/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://intranet/",
    "https://badges.example./",
    "https://.badges.example/",
    "https://badges..example/",
    "https://-badges.example/",
    "https://badges-.example/",
    "https://bad_ges.example/",
    "https://bücher.example/",
    "https://badges.example:22/",
    "https://badges.example:25/",
    "https://badges.example:80/",
    "https://badges.example:6379/",
    "https://badges.example:99999/",
    "https://badges.example:-1/",
    "https://badges.example:4 43/",
    "https://badges.example:/",
    "https://badges.example:0/",
    "https://user@badges.example/",
    "https://user:pass@badges.example/",
    "https://@badges.example/",
    "https://badges.example@localhost/",
    "https://localhost\\@badges.example/",
    "https://badges.example\\.evil.example/",
    "https://badges.example%2eevil.example/",
    "https://%6cocalhost/",
    "https://badges.example/\r\nX: y",
    "https://badges.example/a b",
    "https://badges.example/\t",
    "https://badges.example/\x00",
    "https://badges.example/\u2028",
    "https://badges\u00ad.example/",
    "https://badges.example/\ufeff",
    "https://" + "a" * 64 + ".example/",
    "https://" + ".".join(["a" * 60] * 5) + ".example/",
    "https://badges.example/" + "a" * 2048,
]


@pytest.mark.parametrize(("text", "asked"), PLAIN)
def test_a_plain_url_is_asked_as_it_stands(text: str, asked: str) -> None:
    assert str(checked_url(text)) == asked


@pytest.mark.parametrize("text", HOSTILE)
def test_an_odd_url_is_never_asked(text: str) -> None:
    with pytest.raises(UrlRefusedError) as refusal:
        checked_url(text, loopback_peers=(8000,))

    assert refusal.value.code == "URL_REFUSED"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_listed_port_of_this_machine_may_be_asked(scheme: str, host: str) -> None:
    url = checked_url(f"{scheme}://{host}:8000/x", loopback_peers=(8000,))

    assert url.loopback
    assert str(url) == f"{scheme}://{host}:8000/x"


@pytest.mark.parametrize("text", ["http://badges.example/a", "http://badges.example:8080/a"])
def test_plain_http_is_a_url_where_it_is_allowed(text: str) -> None:
    assert str(checked_url(text, allow_http=True)) == text
    with pytest.raises(UrlRefusedError, match="only https"):
        checked_url(text)


def test_the_usual_port_of_http_is_left_off() -> None:
    assert str(checked_url("http://badges.example:80/a", allow_http=True)) == "http://badges.example/a"


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "http://badges.example/"])
def test_where_http_is_allowed_only_plain_http_is(text: str) -> None:
    with pytest.raises(UrlRefusedError):
        checked_url(text, loopback_peers=(8000,), allow_http=True)


@pytest.mark.parametrize("port", [443, 22, 6379])
def test_http_has_no_other_ports_of_services(port: int) -> None:
    with pytest.raises(UrlRefusedError, match="a port that is never asked"):
        checked_url(f"http://badges.example:{port}/", allow_http=True)
