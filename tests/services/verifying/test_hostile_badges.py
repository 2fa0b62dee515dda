"""A badge cannot make this server reach inside: every place that a badge can name, times every odd URL."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.received import read_container
from badges_server.credentials.verification import Facts, verify
from badges_server.fetching.budget import MAXIMUM_FETCHES
from badges_server.fetching.fetched import JSON, Fetched, Retriever
from badges_server.fetching.fetcher import Fetcher, FetchPolicy
from badges_server.services.verifying import gather, verify_url
from tests.credentials.verification.world import (
    badge_class,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    open_badge,
    signed,
    signed_assertion,
)
from tests.fetching.peers import CONNECTIONS
from tests.fetching.test_request_url import HOSTILE
from tests.web.sample import Sample

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def inside(_host: str) -> list[str]:
    return ["10.0.0.1"]


class Around:
    """Answers the documents that lead on to the hostile place; asks the guarded fetcher for everything else."""

    def __init__(self, retriever: Retriever, answers: JsonObject) -> None:
        self._retriever = retriever
        self._answers = answers

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        if url in self._answers:
            return Fetched(url, 200, json.dumps(self._answers[url]).encode())
        return self._retriever.fetch(url, accept)


Site = Callable[[str], tuple[bytes, JsonObject]]


def as_bytes(document: JsonObject) -> bytes:
    return json.dumps(document).encode()


BADGE_URL, ISSUER_URL = str(hosted_assertion()["badge"]), str(badge_class()["issuer"])
ASSERTION, TOKEN_PARTS = hosted_assertion(), signed_assertion()
SIGNED = signed(open_badge())

SITES: dict[str, Site] = {
    "status list": lambda url: (as_bytes(changed(SIGNED, "credentialStatus/statusListCredential", url)), {}),
    "verification method": lambda url: (as_bytes(changed(SIGNED, "proof/0/verificationMethod", url)), {}),
    "did:web": lambda url: (as_bytes(changed(SIGNED, "proof/0/verificationMethod", as_did(url))), {}),
    "issuer": lambda url: (as_bytes(changed(SIGNED, "issuer/id", url)), {}),
    "kid": lambda url: (jws({**open_badge(), "issuer": url}).encode(), {}),
    "assertion": lambda url: (as_bytes({**ASSERTION, "id": url}), {}),
    "badge": lambda url: (as_bytes({**ASSERTION, "badge": url}), {str(ASSERTION["id"]): {**ASSERTION, "badge": url}}),
    "badge's issuer": lambda url: (
        as_bytes(ASSERTION),
        {str(ASSERTION["id"]): ASSERTION, BADGE_URL: {**badge_class(), "issuer": url}},
    ),
    "key": lambda url: (
        jws(changed(TOKEN_PARTS, "verification/creator", url)).encode(),
        {BADGE_URL: badge_class(), ISSUER_URL: issuer_profile()},
    ),
    "revocation list": lambda url: (
        jws(TOKEN_PARTS).encode(),
        {BADGE_URL: badge_class(), ISSUER_URL: {**issuer_profile(), "revocationList": url}},
    ),
    "endorsement": lambda url: (
        as_bytes({**SIGNED, "endorsement": [changed(SIGNED, "proof/0/verificationMethod", url)]}),
        {},
    ),
}


def as_did(url: str) -> str:
    return "did:web:" + url.partition("://")[2].partition("/")[0].replace(":", "%3A")


@pytest.mark.parametrize("site", SITES)
def test_no_place_in_a_badge_leads_inside(site: str) -> None:
    guarded = Fetcher(FetchPolicy(), resolve=inside)
    CONNECTIONS.clear()
    for url in [*HOSTILE, "https://inside.example/x", "https://inside.example:8443/"]:
        data, answers = SITES[site](url)
        facts = Facts(read_container(data), NOW)
        report = verify(gather(facts, Around(guarded, answers)))

        assert report.verdict != "verified", url
        assert CONNECTIONS == [], url


def test_a_url_to_verify_leads_nowhere_inside(network: Sample) -> None:
    guarded = Fetcher(FetchPolicy(), resolve=inside)
    server = replace(network.server, fetcher=guarded)
    CONNECTIONS.clear()
    for url in [*HOSTILE, "https://inside.example/x"]:
        report = verify_url(server, url)

        assert (report.outcome_of("parse"), report.verdict) == ("unknown", "incomplete"), url
    assert CONNECTIONS == []


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, url: str, accept: str = JSON) -> Fetched:  # noqa: ARG002
        self.asked.append(url)
        return Fetched(url, 404, b"")


def test_a_badge_that_names_many_places_gets_a_dozen_answers() -> None:
    proofs = [{**SIGNED["proof"][0], "verificationMethod": f"https://site{number}.example/key"} for number in range(16)]
    counting = Counting()
    facts = gather(Facts(read_container(as_bytes({**SIGNED, "proof": proofs})), NOW), counting)
    report = verify(facts)

    assert len(counting.asked) == MAXIMUM_FETCHES
    assert report.verdict == "incomplete"
    codes = {getattr(answer, "code", None) for answer in facts.documents.values()}
    assert "FETCH_BUDGET_EXCEEDED" in codes
