"""A newer form counts when the credential is proven, and the newer one is of the same issuer, id and proof."""

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.baking import png
from badges_server.credentials.json_text import JsonObject, write_json
from badges_server.credentials.verification import Report
from tests.credentials.verification.test_reading import a_png
from tests.credentials.verification.world import (
    FOREIGN_KEY,
    REMOVED,
    STATUS_URL,
    World,
    changed,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    world,
)

SERVICE = "https://badges.example.org/refresh/1"


def refreshable(**changes: object) -> JsonObject:
    return {**open_badge(), "refreshService": {"id": SERVICE, "type": "1EdTechCredentialRefresh"}, **changes}


OLD = refreshable(validUntil="2026-05-01T00:00:00Z")
NEW = refreshable(validFrom="2026-05-01T00:00:00Z")


def asked(answer: object, given: JsonObject | None = None, status: int = 200) -> tuple[Report, World]:
    pages = world()
    pages.puts(SERVICE, answer, status)
    return pages.report(signed(OLD) if given is None else given), pages


def refresh_of(report: Report) -> tuple[str, str | None]:
    finding = report.of("refresh")[0]
    return finding.outcome.value, finding.code


FORMS = {
    "json": signed(NEW),
    "jwt": jwt_proof.secure(NEW, jwt_signer()).encode(),
    "png": png.bake(a_png(), write_json(signed(NEW)), png.KEYWORD_3),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_newer_form_is_judged_instead(form: str) -> None:
    report, _pages = asked(FORMS[form])

    assert (refresh_of(report), report.verdict) == (("passed", None), "verified")
    assert report.credential.valid_from == "2026-05-01T00:00:00Z"
    assert (report.container, report.flags.expired) == ("json", False)


def test_the_newer_form_may_say_that_it_is_revoked() -> None:
    entry = {**open_badge()["credentialStatus"], "statusListIndex": "7", "id": f"{STATUS_URL}#7"}
    pages = world([7])
    pages.puts(SERVICE, signed({**NEW, "credentialStatus": entry}))

    assert pages.report(signed(OLD)).flags.revoked


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (signed({**NEW, "id": "https://badges.example.org/credentials/other"}), 200),
        (signed(NEW, FOREIGN_KEY), 200),
        (signed(changed(NEW, "issuer/id", "did:web:attacker.example")), 200),
        (NEW, 200),
        (signed(refreshable(validFrom="2026-02-01T00:00:00Z")), 200),
        (changed(signed(NEW), "proof/0/verificationMethod", "did:web:elsewhere.example#key-1"), 200),
        (signed_assertion(), 200),
        ({}, 200),
        (b"<html>", 200),
        (b"", 404),
        (signed(NEW), 410),
    ],
)
def test_what_is_no_newer_form_leaves_the_given_one_in_place(answer: object, status: int) -> None:
    report, _pages = asked(answer, status=status)

    assert refresh_of(report)[0] == "unknown"
    assert (report.flags.expired, report.verdict) == (True, "not_verified")
    good, _pages = asked(answer, signed(refreshable()), status)
    assert (good.verdict, good.outcome_of("proof")) == ("incomplete", "passed")


def test_a_service_that_does_not_answer_leaves_it_open() -> None:
    report = world().report(signed(refreshable()))

    assert (refresh_of(report), report.verdict) == (("unknown", "NOT_RETRIEVED"), "incomplete")


def test_a_forger_cannot_send_us_anywhere() -> None:
    report, pages = asked(signed(NEW), signed(OLD, FOREIGN_KEY))

    assert SERVICE not in pages.asked
    assert (refresh_of(report), report.verdict) == (("unknown", "NOT_MADE"), "not_verified")


def test_it_is_asked_once() -> None:
    again = "https://badges.example.org/refresh/2"
    newer = {**NEW, "refreshService": {"id": again, "type": "1EdTechCredentialRefresh"}}
    report, pages = asked(signed(newer))

    assert (again in pages.asked, pages.asked.count(SERVICE)) == (False, 1)
    assert report.verdict == "verified"


@pytest.mark.parametrize("service", [{"id": SERVICE, "type": "Other"}, {"id": "urn:x:1", "type": REMOVED}, "x", []])
def test_a_service_of_another_kind_is_not_asked(service: object) -> None:
    document = {**open_badge(), "refreshService": service}
    if isinstance(service, dict) and service["type"] is REMOVED:
        document = changed(document, "refreshService/type", "1EdTechCredentialRefresh")
    payload = jwt_proof.sign_compact(
        jwt_proof.claims_of(document), jwt_signer(), {"kid": jwt_signer().verification_method}
    )

    assert refresh_of(world().report(payload)) == ("unknown", "UNSUPPORTED")
