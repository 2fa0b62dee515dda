"""Answers that are rare and must be right all the same."""

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Answer, Outcome, Recipient
from badges_server.credentials.verification.case import open_case
from badges_server.credentials.verification.checks import Question
from badges_server.credentials.verification.finding import Check
from badges_server.credentials.verification_method import jwk_from_public_key
from tests.credentials.verification.test_endorsements import SIGNER, endorsement, pages, told
from tests.credentials.verification.world import (
    ASSERTION_URL,
    ISSUER,
    ISSUER_URL,
    KEY_URL,
    REMOVED,
    STATUS_URL,
    as_answer,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    key_document,
    open_badge,
    signed,
    signed_assertion,
    status_list_document,
    world,
    world_2,
)


def test_a_check_that_answers_nothing_counts_as_not_made() -> None:
    case = open_case(world().facts(signed(open_badge())))
    silent = Question(Check("silent"), lambda _case: (), lambda _case: ())

    assert [answer.code for answer in silent.asked_of(case)] == ["NOT_MADE"]
    assert world().report(b"").outcome_of("no such check") is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("place", "value", "outcome"),
    [
        ("issuer/dateOfBirth", "1990-02-28", "passed"),
        ("issuer/dateOfBirth", "1990-02-30", "failed"),
        ("issuer/dateOfBirth", "28/02/1990", "failed"),
        ("issuer/description", {"fr": "texte", "en": "text"}, "passed"),
        ("credentialSubject/activityStartDate", "2025-10-01T00:00:00", "passed"),
        ("issuer", REMOVED, "passed"),
    ],
)
def test_rare_values_of_the_model(place: str, value: object, outcome: str) -> None:
    payload = changed(jwt_proof.claims_of(open_badge()), place, value)
    report = world().report(jwt_proof.sign_compact(payload, jwt_signer(), {"kid": f"{ISSUER}#jwt-1"}))

    assert report.outcome_of("model") == outcome
    if place == "issuer":
        assert report.outcome_of("issuer") == "failed"


def test_a_subject_that_nobody_can_know() -> None:
    document = changed(changed(open_badge(), "credentialSubject/id", REMOVED), "credentialSubject/identifier", REMOVED)
    report = world().report(signed(document))

    assert [finding.path for finding in report.of("subject")] == ["$.credentialSubject.id"]


def test_a_result_of_type_status_needs_its_status() -> None:
    document = changed(open_badge(), "credentialSubject/achievement/resultDescription/0/resultType", "Status")
    report = world().report(signed(document))

    assert [finding.path for finding in report.of("model")] == ["$.credentialSubject.result[0].status"]


def test_identifiers_that_cannot_be_read_match_nobody() -> None:
    identifiers = [7, {"type": "IdentityObject"}]
    payload = changed(jwt_proof.claims_of(open_badge()), "credentialSubject/identifier", identifiers)
    token = jwt_proof.sign_compact(payload, jwt_signer(), {"kid": f"{ISSUER}#jwt-1"})

    assert world().report(token, recipient=Recipient("email", "a@example.com")).flags.recipient == "not_matched"


def test_a_kid_that_leads_nowhere_beside_a_header_key_binds_nothing() -> None:
    foreign = jwt_signer("foreign")
    header = {"jwk": jwk_from_public_key(foreign.public_key), "kid": "did:web:nowhere.example#key-1"}
    report = world().report(jwt_proof.sign_compact(jwt_proof.claims_of(open_badge()), foreign, header))

    assert (report.outcome_of("proof"), report.outcome_of("issuer")) == ("passed", "unknown")


def test_a_message_without_words_is_told_by_its_number() -> None:
    document = changed(status_list_document(), "credentialSubject/statusPurpose", "message")
    made = world()
    made.puts(STATUS_URL, signed(document))
    report = made.report(signed(changed(open_badge(), "credentialStatus/statusPurpose", "message")))

    assert report.of("status")[0].detail == "message: 0x0 null"


def test_a_list_without_its_subject_is_never_fine() -> None:
    made = world()
    made.puts(STATUS_URL, signed(status_list_document(credentialSubject=["urn:x:1"])))
    report = made.report(signed(open_badge()))

    assert report.outcome_of("status") == "failed"


@pytest.mark.parametrize("entry", [{"type": "1EdTechRevocationList"}, {"type": "1EdTechRevocationList", "id": 7}])
def test_an_older_list_without_a_place_is_never_fine(entry: JsonObject) -> None:
    badge = changed(jwt_proof.claims_of(open_badge()), "credentialStatus", entry)
    report = world().report(jwt_proof.sign_compact(badge, jwt_signer(), {"kid": f"{ISSUER}#jwt-1"}))

    assert report.outcome_of("status") == "failed"


def test_an_endorsement_of_an_issuer_without_any_date_is_judged_now() -> None:
    badge = changed(changed(open_badge(), "awardedDate", REMOVED), "validFrom", REMOVED)
    badge = changed(badge, "issuer/endorsement", [signed(endorsement(), SIGNER)])

    assert told(pages().report(signed(badge))) == [("passed", None, "$.issuer.endorsement[0]")]


# --- Open Badges 2.0 ---


def test_a_further_context_of_2_0_is_not_applied_and_said_so() -> None:
    contexts = ["https://w3id.org/openbadges/v2", "https://example.org/more"]
    report = world_2().report(jws({**signed_assertion(), "@context": contexts}))

    assert (report.outcome_of("json_ld"), report.verdict) == ("unknown", "incomplete")


def test_an_endorsement_of_2_0_that_cannot_be_had_does_not_count() -> None:
    report = world_2().report(jws({**signed_assertion(), "endorsement": "https://example.org/e"}))

    assert (report.outcome_of("endorsements"), report.verdict) == ("unknown", "verified")
    assert [warning.code for warning in report.warnings] == ["NOT_RETRIEVED"]


def test_a_key_may_be_embedded_in_its_issuer() -> None:
    made = world_2()
    made.puts(ISSUER_URL, {**issuer_profile(), "publicKey": key_document()})
    made.loses(KEY_URL)

    assert made.report(jws(signed_assertion())).verdict == "verified"


def test_a_key_that_cannot_be_had_leaves_it_open() -> None:
    made = world_2()
    made.loses(KEY_URL)
    report = made.report(jws(signed_assertion()))

    assert (report.outcome_of("proof"), report.outcome_of("issuer"), report.verdict) == (
        "unknown",
        "unknown",
        "incomplete",
    )


@pytest.mark.parametrize(("place", "value"), [("publicKeyPem", REMOVED), ("publicKeyPem", 7), ("publicKeyPem", "PEM")])
def test_a_key_document_without_key_fails(place: str, value: object) -> None:
    made = world_2()
    made.puts(KEY_URL, changed(key_document(), place, value))

    assert made.report(jws(signed_assertion())).outcome_of("proof") == "failed"


def test_a_key_document_that_is_none_fails() -> None:
    made = world_2()
    made.puts(KEY_URL, b"<html>")
    report = made.report(jws(signed_assertion()))

    assert (report.outcome_of("proof"), report.outcome_of("issuer")) == ("failed", "failed")


def test_two_keys_and_none_named_leaves_the_issuer_open() -> None:
    made = world_2()
    made.puts(ISSUER_URL, {**issuer_profile(), "publicKey": [KEY_URL, "https://badges.example/other"]})
    report = made.report(jws(changed(signed_assertion(), "verification/creator", REMOVED)))

    assert report.outcome_of("issuer") == "unknown"
    assert report.verdict == "not_verified"


@pytest.mark.parametrize("body", [b"<html>", b"[]"])
def test_something_else_at_the_assertions_place_fails(body: bytes) -> None:
    made = world_2()
    made.puts(ASSERTION_URL, body)
    report = made.report(hosted_assertion())

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")


def test_another_assertion_at_the_assertions_place_fails() -> None:
    made = world_2()
    made.puts(ASSERTION_URL, {**hosted_assertion(), "id": "https://badges.example/ob2/assertions/other"})

    assert made.report(hosted_assertion()).outcome_of("proof") == "failed"


def test_an_assertion_that_cannot_be_had_leaves_it_open() -> None:
    made = world_2()
    made.loses(ASSERTION_URL)
    report = made.report(hosted_assertion())

    assert (report.outcome_of("proof"), report.outcome_of("status"), report.verdict) == (
        "unknown",
        "unknown",
        "incomplete",
    )


def test_an_open_redirect_of_the_issuer_does_not_let_others_in() -> None:
    made = world_2()
    answer = as_answer(hosted_assertion())
    made.answers[ASSERTION_URL] = Answer(answer.status, answer.body, "https://attacker.example/assertion")
    report = made.report(hosted_assertion())

    assert (report.outcome_of("issuer"), report.of("issuer")[0].code) == ("unknown", "REDIRECTED_OUT_OF_SCOPE")
    assert not report.flags.issuer_confirmed


def test_a_hosted_assertion_without_a_place_fails() -> None:
    report = world_2().report({**hosted_assertion(), "id": "urn:uuid:1"})

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")


@pytest.mark.parametrize("lost", ["badge", "issuer"])
def test_a_badge_class_or_issuer_that_cannot_be_had_leaves_it_open(lost: str) -> None:
    made = world_2()
    made.loses(str(hosted_assertion()["badge"]) if lost == "badge" else ISSUER_URL)
    report = made.report(hosted_assertion())

    assert (report.outcome_of("model"), report.outcome_of("issuer"), report.verdict) == (
        "unknown",
        "unknown",
        "incomplete",
    )
