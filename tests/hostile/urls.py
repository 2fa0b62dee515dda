"""URLs that must never lead this server to an address that is not public, by the trick that they play."""

from urllib.parse import quote

# One of every IANA special-purpose block, and the famous ones.
SPECIAL_4 = [
    "0.0.0.0",  # noqa: S104  (a hostile address, not one to listen on)
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.254",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
SPECIAL_6 = [
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:7f00:1::80ff:fffe",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:c0a8:1::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "fe00::1",
]
SPECIAL = [*SPECIAL_4, *SPECIAL_6]

_NUMBERS = [
    "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1", "0x7f.1", "127.1", "127.0.1", "0177.1",
    "0x7f.0x0.0x0.0x1", "00000177.0.0.1", "127.0.0.01", "127.000.000.001", "1.0.0.127.1", "0", "0x0", "00", "1",
    "3232235521", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "0xA9.0xFE.0xA9.0xFE",
    "4294967295", "4294967296", "18446744071562067969", "127.0.0.1.", "127.0.0.1..", "256.256.256.256", "-1", "0x",
]  # fmt: skip
_DIGITS = [
    "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "१२७.०.०.१",
    "١٢٧.٠.٠.١", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "ⅼocalhost", "lоcalhost", "localhοst",
    "loc\u00adalhost", "local\u200bhost",
    "ẞ.example", "faß.example", "bücher.example", "0\u0660.0.0.0",
]  # fmt: skip
_NAMES = [
    "localhost", "localhost.", "LOCALHOST", "LocalHost.", "localhost.localdomain", "ip6-localhost", "foo.localhost",
    "a.b.localhost.", "localtest.me", "127.0.0.1.nip.io", "10-0-0-1.sslip.io", "169.254.169.254.nip.io", "lvh.me",
    "spoofed.burpcollaborator.example", "metadata", "metadata.google.internal", "instance-data", "router.local",
    "nas.home.arpa", "printer.lan", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
    "host.docker.internal",
    "gateway.docker.internal", "1.0.0.127.in-addr.arpa", "1.ip6.arpa", "hidden.onion", "intranet", "intranet.",
    "a.test", "b.invalid", "c.alt", "_dmarc.example.org", "-a.example", "a-.example", ".example", "a..example",
    "xn--.example", "xn--a.example", "a" * 64 + ".example", ".".join(["a" * 60] * 5) + ".example",
]  # fmt: skip
_PORTS = [
    "badges.example:0", "badges.example:1", "badges.example:22", "badges.example:25", "badges.example:80",
    "badges.example:110", "badges.example:2375", "badges.example:3306", "badges.example:5432", "badges.example:6379",
    "badges.example:9200", "badges.example:11211", "badges.example:27017", "badges.example:65536",
    "badges.example:99999999999", "badges.example:-1", "badges.example:+443", "badges.example: 443",
    "badges.example:4_43", "badges.example:０", "badges.example:", "badges.example:443:443", "badges.example:0x1bb",
]  # fmt: skip
_USERS = [
    "badges.example@127.0.0.1", "badges.example:443@127.0.0.1", "@127.0.0.1", "user@localhost", "user:pass@10.0.0.1",
    "127.0.0.1@badges.example", "127.0.0.1:80@badges.example", "127.0.0.1\\@badges.example",
    "badges.example\\@127.0.0.1", "badges.example%40127.0.0.1", "badges.example%2f@127.0.0.1",
    "badges.example#@127.0.0.1", "badges.example?@127.0.0.1", "badges.example;@127.0.0.1", "a@b@127.0.0.1",
    "[::1]@badges.example", "127.0.0.1 @badges.example", "127.0.0.1\t@badges.example",
]  # fmt: skip
_BRACKETS = [
    "[::1", "::1", "[]", "[127.0.0.1]", "[::1]x", "[::1]:x", "[::1%25lo]", "[fe80::1%25eth0]", "[fe80::1%eth0]",
    "[::1%00]", "[v1.127.0.0.1]", "[::ffff:0x7f.1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::1]:443",
]  # fmt: skip
_WHOLE = [
    "", " ", "/", "//127.0.0.1/", "///127.0.0.1", "127.0.0.1", "https:", "https:/", "https://", "https:///127.0.0.1/",
    "https:127.0.0.1", "https:/127.0.0.1/", "https:\\\\127.0.0.1\\", "https:/\\127.0.0.1", "https://\\127.0.0.1",
    "https://127.0.0.1\\.badges.example/", "https://badges.example\\.127.0.0.1/", "hTTps://127.0.0.1/",
    "http://127.0.0.1/", "http://localhost:22/", "http://badges.example/", "http://169.254.169.254/latest/meta-data/",
    "HTTP://[::1]/", "http://0/", "ftp://127.0.0.1/", "ftps://badges.example/", "file:///etc/passwd",
    "file://localhost/etc/passwd", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/",
    "tftp://127.0.0.1/x", "ssh://127.0.0.1", "smb://127.0.0.1/share", "jar:https://127.0.0.1!/x", "netdoc:///etc/passwd",
    "data:application/json,{}", "javascript:alert(1)", "ws://127.0.0.1/", "wss://127.0.0.1/", "unix:///run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/", "view-source:https://127.0.0.1/", "blob:https://127.0.0.1/x", "about:blank",
    "https://127.0.0.1/\r\nHost: badges.example", "https://badges.example/\r\nX-Injected: 1", "https://badges.example\n.evil",
    "https://badges.example/\x00", "https://127.0.0.1\x00.badges.example/", "https://\x01127.0.0.1/", " https://127.0.0.1/",
    "https://127.0.0.1/ ", "\thttps://127.0.0.1/", "https://\u202e1.0.0.721/", "https://127.0.0.1%00/",
    "https://%31%32%37.0.0.1/", "https://%6cocalhost/", "https://127%2e0%2e0%2e1/", "https://127.0.0.1#badges.example",
    "https://127.0.0.1?badges.example", "https://127.0.0.1;badges.example/", "https://127.0.0.1,badges.example/",
    "https://badges.example/" + "a" * 5_000, "https://" + "a." * 2_000 + "example/", "https://badges.example/a b",
    "https://badges.example/\u2028", "https://\ufeffbadges.example/", "https://[::ffff:127.0.0.1]:8000/",
    "https://127.0.0.1:8000/", "https://localhost:8000/", "http://localhost:8000/", "http://127.0.0.1:8001/",
    "http://[::1]:8001/", "https://user@localhost:8000/", "http://127.1:8000/", "http://LOCALHOST.:8000/",
]  # fmt: skip


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


HOSTS = [*map(_bracketed, SPECIAL), *_NUMBERS, *_DIGITS, *_NAMES, *_PORTS, *_USERS, *_BRACKETS]
HOSTILE_URLS = list(dict.fromkeys([*(f"https://{host}/x" for host in HOSTS), *_WHOLE]))


def did_of(url: str) -> str:
    """The did:web whose document would be looked for behind `url` (did:web method, section 3.1)."""
    rest = url.partition("://")[2] if "://" in url else url
    host, _, path = rest.partition("/")
    steps = [quote(host, safe=".-_~%"), *(quote(step, safe="") for step in path.split("/") if step)]
    return f"did:web:{':'.join(steps)}"
