"""Hostile URLs in every fetch site: directly, behind a redirect, and behind a name that changes its mind."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fetching.peers import Peer, serving
from tests.hostile.asking import Asking, Listening, server_in
from tests.hostile.connections import Watch, watching
from tests.hostile.name_server import NameServer, naming
from tests.hostile.sites import HOP, HOPS
from tests.hostile.urls import HOSTILE_URLS, SPECIAL

PUBLIC = "93.184.215.14"
REBINDING = "rebind.example"
# What a fetch of a hostile URL may end with; anything else is a finding.
REFUSALS = {"URL_REFUSED", "ADDRESS_REFUSED", "NAME_NOT_RESOLVED"}
# Other documents that the badges name; they are nowhere, and are not what this is about.
HONEST = tuple(
    f"https://{place}"
    for place in ("badges.example.org/", "network.example.org/", "badges.example/ob2/", "honest.example/")
)

Case = tuple[str, str]


@dataclass
class Range:
    """A peer, a name server and a wall around this process.

    Attributes:
        ended: how the fetches of hostile URLs ended.
    """

    asking: Asking
    names: NameServer
    watch: Watch
    ended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    connected: list[object] = field(default_factory=list)
    passed: int = 0
    failed: int = 0

    def note(self, mode: str, case: Case, listening: Listening, allowed: set[str]) -> None:
        """Count how the hostile fetches of one verification ended."""
        hops = [end for url, end in listening.ended if self._is_hostile(url)]
        self.ended.update(hops or ["not asked at all"])
        self.faults += [f"{mode}: {case}: ended with {end}" for end in hops if end not in allowed]

    def _is_hostile(self, url: str) -> bool:
        own = self.asking.peer.url("/")
        return url.endswith(HOPS) if url.startswith(own) else not url.startswith(HONEST)

    def run(self, mode: str, site: str, number: int) -> None:
        """Try one case, and count it with whatever the wall heard during it."""
        before = len(self.faults)
        case = MODES[mode](self, site, number)
        self._hear(mode, case)
        if len(self.faults) == before:
            self.passed += 1
        else:
            self.failed += 1

    def _hear(self, mode: str, case: Case) -> None:
        self.connected += self.watch.wrong
        for address in self.watch.wrong:
            self.faults.append(f"{mode}: {case}: connected to {address}")
        for host in self.watch.looked_up:
            self.faults.append(f"{mode}: {case}: looked up {host!r} past the check")
        self.watch.wrong.clear()
        self.watch.looked_up.clear()


def zone(name: str, times: int) -> Sequence[str]:
    """Every name leads inside; one of the rebinding kind at first to a public address (`r7.`), or to both (`m7.`)."""
    label = name.partition(".")[0]
    inside = SPECIAL[sum(name.encode()) % len(SPECIAL)]
    if not name.endswith(REBINDING):
        return [inside]
    inside = SPECIAL[int(label[1:]) % len(SPECIAL)]
    if label.startswith("m"):
        return [PUBLIC, inside]
    return [PUBLIC] if times == 0 else [inside]


@contextmanager
def hostile_range(folder: Path) -> Iterator[Range]:
    """Set everything up in `folder`."""
    with ExitStack() as stack:
        peer = stack.enter_context(serving(Peer({})))
        names = stack.enter_context(naming(zone))
        watch = stack.enter_context(watching(peer.port, public=PUBLIC))
        yield Range(Asking(server_in(folder), peer, names.resolve), names, watch)


def direct(hostile: Range, site: str, number: int) -> Case:
    """The badge itself has the hostile URL."""
    case = (site, HOSTILE_URLS[number])
    for _report, listening in hostile.asking.verify(*case):
        hostile.note("direct", case, listening, REFUSALS)
    return case


def redirected(hostile: Range, site: str, number: int) -> Case:
    """The badge has an honest URL, whose host redirects to the hostile one."""
    return _redirected(hostile, site, HOSTILE_URLS[number])


def rebound(hostile: Range, site: str, number: int) -> Case:
    """The badge has an honest URL; its name leads to a public address when first asked, then inside; or to both."""
    hostile.names.asked.clear()
    tried = hostile.watch.to_public
    case = (site, f"https://r{number}.{REBINDING}/x")
    first, second = hostile.asking.verify(*case, rounds=2)
    if hostile.watch.to_public != tried + 1:
        hostile.faults.append(
            f"rebinding: {case}: the public address was tried {hostile.watch.to_public - tried} times"
        )
    hostile.note("rebinding", case, first[1], {"UNREACHABLE", "ADDRESS_REFUSED"})
    hostile.note("rebinding", case, second[1], {"ADDRESS_REFUSED"})
    ((_report, both),) = hostile.asking.verify(site, f"https://m{number}.{REBINDING}/x")
    hostile.note("rebinding", case, both, {"ADDRESS_REFUSED"})
    return case


def redirected_to_rebinding(hostile: Range, site: str, number: int) -> Case:
    """An honest host redirects to a name that leads to both kinds of address."""
    return _redirected(hostile, site, f"https://m{number}.{REBINDING}/x")


def _redirected(hostile: Range, site: str, url: str) -> Case:
    location = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + url.encode(errors="replace") + b"\r\n\r\n"
    # An empty, endless or broken header is no redirect at all, or one that leads back to the honest host.
    back = {"404", "200", "TOO_MANY_REDIRECTS", "UNREACHABLE"}
    with hostile.asking.hopping(location):
        for _report, listening in hostile.asking.verify(site, hostile.asking.peer.url(HOP)):
            hostile.note("redirect", (site, url), listening, REFUSALS | back)
    return site, url


MODES: dict[str, Callable[[Range, str, int], Case]] = {
    "direct": direct,
    "redirect": redirected,
    "rebinding": rebound,
    "redirect to rebinding": redirected_to_rebinding,
}
