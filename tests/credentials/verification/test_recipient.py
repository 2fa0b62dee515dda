"""Is it this person's: matched, not matched, not asked."""

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.verification import Recipient
from tests.credentials.verification.world import (
    SUBJECT,
    changed,
    hosted_assertion,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    world,
    world_2,
)

OWN_ID = str(open_badge()["credentialSubject"]["id"])


@pytest.mark.parametrize(
    ("kind", "value", "flag"),
    [
        ("id", OWN_ID, "matched"),
        ("emailAddress", "a@example.com", "matched"),
        ("email", "a@example.com", "matched"),
        ("email", "A@Example.com", "matched"),
        ("email", "b@example.com", "not_matched"),
        ("email", "", "not_matched"),
        ("userName", "a@example.com", "not_matched"),
        ("id", "urn:uuid:other", "not_matched"),
        ("name", OWN_ID, "not_matched"),
    ],
)
def test_the_recipient_of_a_3_0_badge(kind: str, value: str, flag: str) -> None:
    report = world().report(signed(open_badge()), recipient=Recipient(kind, value))

    assert report.flags.recipient == flag
    assert report.verdict == ("verified" if flag == "matched" else "not_verified")
    folded = value == "A@Example.com"
    assert [warning.code for warning in report.warnings] == (["LOWER_CASE_IDENTITY"] if folded else [])


@pytest.mark.parametrize("badge", [hosted_assertion(), jws(signed_assertion())], ids=["hosted", "signed"])
@pytest.mark.parametrize(("value", "flag"), [(SUBJECT, "matched"), ("urn:uuid:other", "not_matched")])
def test_the_recipient_of_a_2_0_badge(badge: str, value: str, flag: str) -> None:
    report = world_2().report(badge, recipient=Recipient("id", value))

    assert report.flags.recipient == flag
    assert report.verdict == ("verified" if flag == "matched" else "not_verified")


def test_an_md5_hash_matches_with_a_warning() -> None:
    identity = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": "md5$" + "5D41402ABC4B2A76B9719D911017C592",
        "identityType": "userName",
    }
    badge = jwt_proof.secure(changed(open_badge(), "credentialSubject/identifier", [identity]), jwt_signer())
    report = world().report(badge, recipient=Recipient("userName", "hello"))

    assert report.flags.recipient == "matched"
    assert [warning.code for warning in report.warnings] == ["MD5_IDENTITY_HASH"]


def test_nobody_asked() -> None:
    for data in (signed(open_badge()), b"nothing", {}):
        assert world().report(data).flags.recipient == "not_asked"


@pytest.mark.parametrize(
    "data", [b"nothing", b"{}", b'{"type":["VerifiableCredential","ClrCredential"],"@context":[]}']
)
def test_who_asks_of_what_cannot_be_read_gets_no_match(data: bytes) -> None:
    report = world().report(data, recipient=Recipient("email", "a@example.com"))

    assert (report.flags.recipient, report.verdict) == ("not_matched", "not_verified")
