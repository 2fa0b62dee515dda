"""Names to addresses, once per fetch, within the time allowed; what comes out is what is connected to."""

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from badges_server.fetching.errors import AddressRefusedError, NameNotResolvedError, TooSlowError
from badges_server.fetching.request_url import LOOPBACK_HOSTS, RequestUrl
from badges_server.fetching.special_addresses import special_purpose

# Answers the textual addresses of a host's name; raises OSError when there is none.
Resolve = Callable[[str], Sequence[str]]

MAXIMUM_ADDRESSES = 32


def system_resolve(host: str) -> list[str]:
    """Ask the system's resolver for the addresses of `host`, each once, in its order of preference.

    Raises:
        OSError: the name has no address.
    """
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def public_addresses(url: RequestUrl, resolve: Resolve, seconds: float) -> list[str]:
    """Look up the addresses to connect to, after checking **every** one: a name that mixes both kinds is refused.

    The answer of `resolve` may take that many `seconds`.

    Raises:
        AddressRefusedError: one of them is not public.
        NameNotResolvedError: there is none.
        TooSlowError: the answer did not come in time.
    """
    if url.loopback:
        return list(LOOPBACK_HOSTS[url.host])
    found = _within(resolve, url.host, seconds)
    if not found:
        raise NameNotResolvedError("this host has no address", value=url.host)
    for text in found[:MAXIMUM_ADDRESSES]:
        _check_address(url.host, text)
    return found[:MAXIMUM_ADDRESSES]


def _check_address(host: str, text: str) -> None:
    try:
        reason = special_purpose(ip_address(text))
    except ValueError as error:  # a zone ("fe80::1%eth0") or no address at all
        raise AddressRefusedError(f"{host} leads to what is no plain address", value=text) from error
    if reason is not None:
        raise AddressRefusedError(f"{host} leads to an address that is not public ({reason})", value=text)


def _within(resolve: Resolve, host: str, seconds: float) -> list[str]:
    """Run `resolve` with a time limit, which the system's call does not have."""
    answers: list[str] = []
    failures: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            answers.extend(resolve(host))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TooSlowError(f"the address of this host was not found within {seconds:.0f} s", value=host)
    if failures:
        raise NameNotResolvedError("this host has no address", value=host) from failures[0]
    return answers
