"""Revoked, suspended, unreachable, forged: what a status list may do to a verdict."""

import gzip
from base64 import urlsafe_b64encode

import pytest

from badges_server.credentials import jwt_proof, open_badges_2, status_list
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.verification import Answer, Report
from tests.credentials.verification.world import (
    ASSERTION_URL,
    FOREIGN_KEY,
    ISSUER,
    ISSUER_URL,
    NOW,
    REMOVED,
    REVOCATIONS_URL,
    STATUS_INDEX,
    STATUS_URL,
    UID,
    World,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    open_badge,
    outcomes,
    signed,
    signed_assertion,
    status_list_document,
    world,
    world_2,
)

BADGE_ID = str(open_badge()["id"])


def status_of(report: Report) -> tuple[str, str | None]:
    finding = report.of("status")[0]
    return finding.outcome.value, finding.code


def others_passed(report: Report) -> bool:
    return all(
        outcome in ("passed", "not_applicable") for check, outcome in outcomes(report).items() if check != "status"
    )


def pages_with(document: object, status: int = 200) -> World:
    pages = world()
    pages.puts(STATUS_URL, document, status)
    return pages


def with_list(**subject: object) -> JsonObject:
    document = status_list_document()
    for name, value in subject.items():
        document = changed(document, f"credentialSubject/{name}", value)
    return signed(document)


def test_a_set_bit_means_revoked_and_only_that_one() -> None:
    badge = signed(open_badge())
    revoked = world([STATUS_INDEX]).report(badge)

    assert status_of(revoked) == ("failed", "REVOKED")
    assert (revoked.verdict, revoked.flags.revoked, revoked.flags.suspended) == ("not_verified", True, False)
    assert others_passed(revoked)
    for neighbour in (STATUS_INDEX - 1, STATUS_INDEX + 1, 0):
        report = world([neighbour]).report(badge)
        assert (report.verdict, report.flags.revoked) == ("verified", False)


def test_a_suspension_is_not_a_revocation() -> None:
    badge = signed(changed(open_badge(), "credentialStatus/statusPurpose", "suspension"))
    document = changed(
        status_list_document([STATUS_INDEX]), "credentialSubject/statusPurpose", ["refresh", "suspension"]
    )
    report = pages_with(signed(document)).report(badge)

    assert status_of(report) == ("failed", "SUSPENDED")
    assert (report.flags.suspended, report.flags.revoked) == (True, False)


def test_a_message_is_told_and_no_refusal() -> None:
    entry = {
        **open_badge()["credentialStatus"],
        "statusPurpose": "message",
        "statusSize": 2,
        "statusMessage": [{"status": hex(value), "message": f"m{value}"} for value in range(4)],
    }
    bits = bytearray(131072 * 2 // 8)
    first = STATUS_INDEX * 2
    bits[first // 8] |= 0b11000000 >> (first % 8)
    packed = "u" + urlsafe_b64encode(gzip.compress(bytes(bits))).rstrip(b"=").decode()
    pages = pages_with(with_list(statusPurpose="message", encodedList=packed))
    report = pages.report(signed(changed(open_badge(), "credentialStatus", entry)))

    assert (report.verdict, report.of("status")[0].detail) == ("verified", 'message: 0x3 "m3"')


def test_the_index_may_be_a_number() -> None:
    badge = changed(open_badge(), "credentialStatus/statusListIndex", STATUS_INDEX)
    token = jwt_proof.secure(badge, jwt_signer())

    assert status_of(world([STATUS_INDEX]).report(token)) == ("failed", "REVOKED")
    assert status_of(world().report(token)) == ("passed", None)


def test_a_list_may_be_a_jwt() -> None:
    document = changed(status_list_document([STATUS_INDEX]), "credentialSubject/id", f"{STATUS_URL}#list")
    token = jwt_proof.secure(document, jwt_signer())

    assert status_of(pages_with(token.encode()).report(signed(open_badge()))) == ("failed", "REVOKED")


@pytest.mark.parametrize("status", [301, 403, 404, 410, 500])
def test_a_list_that_is_not_there_is_never_fine(status: int) -> None:
    report = pages_with({}, status).report(signed(open_badge()))

    assert status_of(report) == ("unknown", "STATUS_RETRIEVAL_ERROR")
    assert (report.verdict, report.flags.revoked) == ("incomplete", False)
    assert others_passed(report)


def test_an_unreachable_list_is_never_fine() -> None:
    pages = world()
    pages.loses(STATUS_URL)

    assert status_of(pages.report(signed(open_badge()))) == ("unknown", "STATUS_RETRIEVAL_ERROR")


FORGED_LISTS: list[tuple[str, JsonObject, str]] = [
    ("no proof", status_list_document(), "STATUS_VERIFICATION_ERROR"),
    ("a foreign key", signed(status_list_document(), FOREIGN_KEY), "STATUS_VERIFICATION_ERROR"),
    (
        "another list under the proof",
        changed(signed(status_list_document([STATUS_INDEX])), "credentialSubject/encodedList", status_list.encode([])),
        "STATUS_VERIFICATION_ERROR",
    ),
    ("another issuer", signed(status_list_document(issuer="did:web:attacker.example")), "STATUS_VERIFICATION_ERROR"),
    (
        "another list's id",
        signed(status_list_document(id="https://badges.example.org/status/4")),
        "STATUS_VERIFICATION_ERROR",
    ),
    ("expired", signed(status_list_document(validUntil="2026-06-01T11:59:59Z")), "STATUS_VERIFICATION_ERROR"),
    ("another purpose", with_list(statusPurpose="suspension"), "STATUS_VERIFICATION_ERROR"),
    ("another kind", signed(open_badge()), "STATUS_VERIFICATION_ERROR"),
    ("no purpose", with_list(statusPurpose=REMOVED), "MALFORMED_VALUE_ERROR"),
    ("no list", with_list(encodedList=REMOVED), "MALFORMED_VALUE_ERROR"),
    ("no gzip", with_list(encodedList="uAAAA"), "MALFORMED_VALUE_ERROR"),
    ("no multibase", with_list(encodedList="H4sIAAAAAAAAA"), "MALFORMED_VALUE_ERROR"),
    (
        "too short",
        with_list(encodedList="u" + urlsafe_b64encode(gzip.compress(bytes(16383))).rstrip(b"=").decode()),
        "STATUS_LIST_LENGTH_ERROR",
    ),
    (
        "a bomb",
        with_list(encodedList="u" + urlsafe_b64encode(gzip.compress(bytes(64 << 20))).rstrip(b"=").decode()),
        "MALFORMED_VALUE_ERROR",
    ),
]


def test_a_list_signed_after_the_moment_asked_about_knows_more() -> None:
    later = "2026-06-01T12:00:01Z"
    clear = pages_with(signed(status_list_document(validFrom=later))).report(signed(open_badge()))
    assert clear.outcome_of("status") == "passed"
    revoked = pages_with(signed(status_list_document([STATUS_INDEX], validFrom=later))).report(signed(open_badge()))
    assert revoked.flags.revoked


@pytest.mark.parametrize(
    ("document", "code"), [item[1:] for item in FORGED_LISTS], ids=[item[0] for item in FORGED_LISTS]
)
def test_a_list_that_is_not_right_is_never_fine(document: JsonObject, code: str) -> None:
    report = pages_with(document).report(signed(open_badge()))

    assert status_of(report) == ("failed", code)
    assert (report.verdict, report.flags.revoked) == ("not_verified", False)
    assert others_passed(report)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"<html></html>", b"a.b.c", b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_never_fine(body: bytes) -> None:
    report = pages_with(body).report(signed(open_badge()))

    assert status_of(report) == ("failed", "PARSING_ERROR")


def test_a_list_whose_key_cannot_be_had_is_never_fine() -> None:
    """The badge itself is proven; its list names a key in a document that cannot be had."""
    pages = world()
    listed = signed(status_list_document())
    foreign = changed(listed, "proof/0/verificationMethod", "did:web:elsewhere.example#key-1")
    pages.puts(STATUS_URL, foreign)
    report = pages.report(signed(open_badge()))

    assert status_of(report) == ("unknown", "STATUS_RETRIEVAL_ERROR")
    assert report.verdict == "incomplete"


def test_a_kind_of_status_that_is_not_checked_is_unknown() -> None:
    entry = {"id": "https://badges.example.org/list", "type": "1EdTechCredentialRefresh"}
    report = world().report(signed(changed(open_badge(), "credentialStatus", entry)))

    assert status_of(report) == ("unknown", "UNSUPPORTED")
    assert report.verdict == "incomplete"


LEGACY = "https://badges.example.org/revoked"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"id": LEGACY, "issuer": ISSUER, "revokedCredential": []}, ("passed", None)),
        ({"issuer": ISSUER, "revokedCredential": [{"id": "urn:x:1"}]}, ("passed", None)),
        ({"issuer": ISSUER, "revokedCredential": [{"id": BADGE_ID}]}, ("failed", "REVOKED")),
        ({"issuer": {"id": ISSUER}, "revokedCredential": [{"id": BADGE_ID, "revoked": True}]}, ("failed", "REVOKED")),
        ({"issuer": ISSUER, "revokedCredential": [{"id": BADGE_ID, "revoked": False}]}, ("passed", None)),
        ({"issuer": ISSUER}, ("failed", "STATUS_VERIFICATION_ERROR")),
        ({"revokedCredential": []}, ("failed", "STATUS_VERIFICATION_ERROR")),
        ({"issuer": "did:web:attacker.example", "revokedCredential": []}, ("failed", "STATUS_VERIFICATION_ERROR")),
        (b"<html>", ("failed", "PARSING_ERROR")),
        (None, ("unknown", "STATUS_RETRIEVAL_ERROR")),
    ],
)
def test_the_older_revocation_list_is_read_with_a_warning(answer: object, expected: object) -> None:
    pages = world()
    if answer is not None:
        pages.puts(LEGACY, answer)
    badge = changed(open_badge(), "credentialStatus", {"id": LEGACY, "type": "1EdTechRevocationList"})
    report = pages.report(signed(badge))

    assert status_of(report) == expected
    assert [warning.code for warning in report.warnings] == ["DEPRECATED_STATUS_METHOD"]


def test_without_a_status_the_question_does_not_arise() -> None:
    report = world().report(signed(changed(open_badge(), "credentialStatus", REMOVED)))

    assert (status_of(report), report.verdict) == (("not_applicable", None), "verified")


def test_a_status_list_verifies_by_itself() -> None:
    report = world().report(signed(status_list_document()))

    assert (report.kind, report.verdict) == ("BitstringStatusListCredential", "verified")
    assert world().report(signed(status_list_document(), FOREIGN_KEY)).verdict == "not_verified"


# --- Open Badges 2.0 ---


def test_a_signed_assertion_on_its_issuers_list_is_revoked() -> None:
    token = jws(signed_assertion())

    assert status_of(world_2([UID]).report(token)) == ("failed", "REVOKED")
    assert status_of(world_2(["urn:uuid:another"]).report(token)) == ("passed", None)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (UID, "failed"),
        ({"id": UID, "revocationReason": "error"}, "failed"),
        ({"id": UID, "revoked": True}, "failed"),
        ({"id": UID, "revoked": False}, "passed"),
        ({"uid": "7"}, "failed"),
        ({"uid": "8"}, "passed"),
        ({}, "passed"),
        (None, "passed"),
    ],
)
def test_the_forms_of_a_revocation(entry: object, expected: str) -> None:
    pages = world_2()
    document = revocation_list()
    pages.puts(REVOCATIONS_URL, {**document, "revokedAssertions": [entry]})

    assert status_of(pages.report(jws({**signed_assertion(), "uid": "7"})))[0] == expected


def revocation_list() -> JsonObject:
    pages = world_2()
    answer = pages.answers[REVOCATIONS_URL]
    assert isinstance(answer, Answer)
    return parse_json_object(answer.body)


@pytest.mark.parametrize(
    ("place", "value"),
    [("issuer", "https://attacker.example/"), ("issuer", REMOVED), ("type", "List"), ("type", REMOVED)],
)
def test_a_revocation_list_of_somebody_else_is_never_fine(place: str, value: object) -> None:
    pages = world_2()
    pages.puts(REVOCATIONS_URL, changed(revocation_list(), place, value))

    assert status_of(pages.report(jws(signed_assertion()))) == ("failed", "STATUS_VERIFICATION_ERROR")


def test_a_revocation_list_that_cannot_be_had_is_never_fine() -> None:
    pages = world_2()
    pages.loses(REVOCATIONS_URL)
    report = pages.report(jws(signed_assertion()))

    assert (status_of(report), report.verdict) == (("unknown", "STATUS_RETRIEVAL_ERROR"), "incomplete")


def test_an_issuer_without_revocation_list_takes_nothing_back() -> None:
    pages = world_2()
    pages.puts(ISSUER_URL, changed(issuer_profile(), "revocationList", REMOVED))
    report = pages.report(jws(signed_assertion()))

    assert (status_of(report)[0], report.verdict) == ("not_applicable", "verified")


def test_a_hosted_assertion_that_is_gone_is_revoked() -> None:
    pages = world_2()
    pages.puts(ASSERTION_URL, open_badges_2.revoked_assertion_document(ASSERTION_URL), 410)
    report = pages.report(hosted_assertion())

    assert status_of(report) == ("failed", "REVOKED")
    assert (report.verdict, report.flags.revoked) == ("not_verified", True)


def test_a_hosted_assertion_that_says_revoked_is_revoked() -> None:
    for hosted in ({**hosted_assertion(), "revoked": True}, open_badges_2.revoked_assertion_document(ASSERTION_URL)):
        pages = world_2()
        pages.puts(ASSERTION_URL, hosted)

        assert status_of(pages.report(hosted_assertion())) == ("failed", "REVOKED")


def test_what_was_handed_in_cannot_take_a_revocation_away_nor_bring_one() -> None:
    pages = world_2()
    pages.puts(ASSERTION_URL, {**hosted_assertion(), "revoked": True})
    assert pages.report({**hosted_assertion(), "revoked": False}).flags.revoked

    pages = world_2()
    report = pages.report({**hosted_assertion(), "revoked": True})
    assert report.flags.revoked  # whoever hands in a badge as revoked is believed


@pytest.mark.parametrize("status", [404, 500])
def test_a_hosted_assertion_that_is_not_there_is_not_verified(status: int) -> None:
    pages = world_2()
    pages.puts(ASSERTION_URL, {}, status)
    report = pages.report(hosted_assertion())

    assert report.outcome_of("proof") == "failed"
    assert status_of(report) == ("unknown", "STATUS_RETRIEVAL_ERROR")


def test_the_moment_decides() -> None:
    badge = signed(open_badge())
    for year, flag in ((2026, ""), (2030, "expired"), (2025, "not_yet_valid")):
        report = world().report(badge, now=NOW.replace(year=year))
        assert [name for name in ("expired", "not_yet_valid") if getattr(report.flags, name)] == (
            [flag] if flag else []
        )
