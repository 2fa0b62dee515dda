"""Nothing that arrives raises, nothing that was touched passes, and the report can always be written."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject, json_path, walk, write_json
from tests.credentials.verification.test_endorsements import SIGNER, endorsed, endorsement, pages
from tests.credentials.verification.world import (
    ISSUER_URL,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    world,
    world_2,
)

GOOD = endorsed("issuer/", signed(endorsement(), SIGNER))


def leaves(document: JsonObject) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for steps, value in walk(document):
        if not isinstance(value, dict | list):
            yield steps, value


def flipped(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    text = str(value)
    return text[:-1] + ("y" if text.endswith("x") else "x")


def put(document: JsonObject, steps: tuple[str | int, ...], value: object) -> JsonObject:
    copied = copy.deepcopy(document)
    target: Any = copied
    for step in steps[:-1]:
        target = target[step]
    target[steps[-1]] = value
    return copied


@pytest.mark.parametrize("steps", [steps for steps, _value in leaves(GOOD)], ids=json_path)
def test_no_leaf_can_be_flipped(steps: tuple[str | int, ...]) -> None:
    value = dict(leaves(GOOD))[steps]
    report = pages().report(put(GOOD, steps, flipped(value)))

    assert report.verdict != "verified"
    assert not report.flags.issuer_confirmed


TOKENS = (jwt_proof.secure(open_badge(), jwt_signer()), jws(signed_assertion()))


@pytest.mark.parametrize("token", TOKENS, ids=["3.0", "2.0"])
def test_no_character_of_a_token_can_be_flipped(token: str) -> None:
    step = max(1, len(token) // 150)
    for index in range(0, len(token), step):
        if token[index] == ".":
            continue
        touched = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        report = (world if token is TOKENS[0] else world_2)().report(touched)

        assert report.verdict != "verified", index


STRANGE: list[object] = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    " ",
    "\u202e",
    [],
    {},
    [[]],
    [None],
    {"id": {}},
    {"type": 7},
    "a" * 5000,
]
STRANGE += [
    {"@context": "https://www.w3.org/ns/credentials/v2"},
    ["https://", "did:web:", "did:key:z", "did:jwk:"],
    "http://[::1",
]


@pytest.mark.parametrize(
    ("name", "document"), [("3.0", GOOD), ("2.0", hosted_assertion()), ("2.0 signed", signed_assertion())]
)
def test_any_value_anywhere_gives_a_report(name: str, document: JsonObject) -> None:
    """Every place of the document takes every strange value in turn (in a token too, where the signature holds)."""
    for number, (steps, _value) in enumerate(list(walk(document))[1:]):
        value = STRANGE[number % len(STRANGE)]
        touched = put(document, steps, value)
        report = (
            world_2().report(jws(touched))
            if name == "2.0 signed"
            else (pages if name == "3.0" else world_2)().report(touched)
        )

        assert report.verdict != "verified" or name != "3.0", json_path(steps)
        json.loads(write_json(report.to_json("x")))


BROKEN_URLS = [
    "http://[::1",
    "https://[",
    "https://a:b/",
    "https://a:99999/x",
    "https://",
    "did:web:",
    "did:web:%",
    "#",
    "https://[x]#z6Mk",
]


@pytest.mark.parametrize("broken", BROKEN_URLS)
def test_a_broken_url_anywhere_gives_a_report(broken: str) -> None:
    for steps in [steps for steps, value in leaves(GOOD) if isinstance(value, str) and ":" in value]:
        assert pages().report(put(GOOD, steps, broken)).verdict != "verified"
    for document in (hosted_assertion(), signed_assertion()):
        for steps in [steps for steps, value in leaves(document) if isinstance(value, str) and ":" in value]:
            touched = put(document, steps, broken)
            world_2().report(touched)
            world_2().report(jws(touched))
    for steps in [steps for steps, value in leaves(issuer_profile()) if isinstance(value, str)]:
        made = world_2()
        made.puts(ISSUER_URL, put(issuer_profile(), steps, broken))
        made.report(hosted_assertion())
        made.report(jws(signed_assertion()))


@pytest.mark.parametrize("broken", BROKEN_URLS)
def test_a_broken_url_anywhere_in_a_token_gives_a_report(broken: str) -> None:
    for steps in [steps for steps, value in leaves(open_badge()) if isinstance(value, str) and ":" in value]:
        payload = jwt_proof.claims_of(open_badge())
        token = jwt_proof.sign_compact(put(payload, steps, broken), jwt_signer(), {"kid": broken})
        assert world().report(token).verdict != "verified"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
PLACES = [steps for steps, _value in walk(GOOD)][1:]
PLACES_2 = [steps for steps, _value in walk(signed_assertion())][1:]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.sampled_from(PLACES), json_values)
def test_anything_anywhere_in_a_3_0_badge_gives_a_report(steps: tuple[str | int, ...], value: object) -> None:
    report = pages().report(write_json(put(GOOD, steps, value)))

    assert len({finding.check for finding in report.findings}) == 17


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.sampled_from(PLACES_2), json_values)
def test_anything_anywhere_in_a_2_0_badge_gives_a_report(steps: tuple[str | int, ...], value: object) -> None:
    report = world_2().report(jws(put(signed_assertion(), steps, value)))

    assert len({finding.check for finding in report.findings}) == 17


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_report(data: bytes) -> None:
    assert world().report(data).verdict == "not_verified"
