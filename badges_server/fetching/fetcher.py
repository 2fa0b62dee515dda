"""The one way out: every document of a stranger comes through here.

https only (http where the operator allows it), to public addresses only, a few redirects each checked anew, within a
time and a size. Our own pages are answered in process: the server never calls itself.
"""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from badges_server.fetching.answer_cache import AnswerCache
from badges_server.fetching.errors import (
    FetchError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
    UrlRefusedError,
)
from badges_server.fetching.exchange import Answer, Deadline, Exchange, Limits
from badges_server.fetching.fetched import JSON, Fetched
from badges_server.fetching.request_url import RequestUrl, checked_url
from badges_server.fetching.resolving import Resolve, public_addresses, system_resolve

# Answers a URL of our own (in the form asked for), or None for a URL that is not ours.
AnswerLocally = Callable[[str, str], Fetched | None]

USER_AGENT = "badges-server (Open Badges verifier)"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ADDRESSES_TRIED = 3


@dataclass(frozen=True)
class FetchPolicy:
    """What the operator may choose.

    Attributes:
        loopback_peers: ports of this machine that may be asked, for trials on one machine only.
        allow_http: plain http to public hosts too, where many Open Badges 2.0 still live; anyone on the way can change
            such an answer.
        tls: whose certificates are trusted; none: the system's authorities.
    """

    loopback_peers: tuple[int, ...] = ()
    allow_http: bool = False
    user_agent: str = USER_AGENT
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None


class Fetcher:
    """Fetches documents of strangers, guarded. One for the whole process; safe to share between threads."""

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        answer_locally: AnswerLocally | None = None,
        resolve: Resolve = system_resolve,
        cache: AnswerCache | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy or FetchPolicy()
        self._answer_locally = answer_locally or (lambda _url, _accept: None)
        self._resolve = resolve
        self._cache = cache or AnswerCache(clock=clock)
        self._clock = clock
        self._exchange = Exchange(self._policy.user_agent, self._policy.limits, self._policy.tls)

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        """Fetch the document behind `url`, in one of the forms that `accept` names.

        Raises:
            FetchError: it could not be had. An answer such as 404 or 410 is no error.
        """
        ours = self._answer_locally(url, accept)
        if ours is not None:
            return ours
        question = (str(self._checked(url)), accept)
        known = self._cache.look_up(question)
        if known is None:
            known = self._ask(*question)
            self._cache.keep(question, known)
        if isinstance(known, FetchError):
            # Several threads may raise what is kept, each from its own place.
            raise known.again()
        return known

    def _ask(self, url: str, accept: str) -> Fetched | FetchError:
        try:
            return self._follow(url, accept)
        except FetchError as error:
            return error.again()

    def _checked(self, url: str) -> RequestUrl:
        return checked_url(url, self._policy.loopback_peers, allow_http=self._policy.allow_http)

    def _follow(self, url: str, accept: str) -> Fetched:
        limits = self._policy.limits
        deadline = Deadline(limits.total_seconds, self._clock)
        for _ in range(limits.max_redirects + 1):
            place = self._checked(url)
            answer = self._connect(place, accept, deadline)
            if answer.status not in _REDIRECTS:
                return Fetched(str(place), answer.status, answer.body, answer.headers)
            if "location" not in answer.headers:
                raise TooManyRedirectsError("a redirect without a target", value=url)
            url = place.joined(answer.headers["location"])
            ours = self._answer_locally(url, accept)
            if ours is not None:
                return ours
            _check_not_weakened(place, url)
        raise TooManyRedirectsError(f"more than {limits.max_redirects} redirects", value=url)

    def _connect(self, place: RequestUrl, accept: str, deadline: Deadline) -> Answer:
        addresses = public_addresses(
            place, self._resolve, min(self._policy.limits.connect_seconds, deadline.remaining())
        )
        failure: FetchError = UnreachableError("no address to connect to", value=place.host)
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                return self._exchange.ask(place, address, accept, deadline)
            except (UnreachableError, TooSlowError) as error:
                failure = error
        raise failure


def _check_not_weakened(place: RequestUrl, target: str) -> None:
    """What was asked for over https does not come over http in the end."""
    if place.scheme == "https" and urlsplit(target).scheme == "http":
        raise UrlRefusedError("a redirect from https to http", value=target[:200])
