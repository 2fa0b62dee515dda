"""What comes in any container, and what is no badge: named, never guessed; every check told, in order."""

import struct
import zlib

import pytest

from badges_server.credentials import jwt_proof, open_badges_2
from badges_server.credentials.baking import png, svg
from badges_server.credentials.json_text import JsonObject, write_json
from badges_server.credentials.verification import CHECKS, Report
from tests.credentials.verification.world import (
    ASSERTION_URL,
    REMOVED,
    World,
    changed,
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

NAMES = [
    *["parse", "structure", "context", "json_ld", "type", "model", "schema", "subject", "evidence", "issuer", "proof"],
    *["refresh", "status", "validity", "recipient", "extensions", "endorsements"],
]


def a_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return png.SIGNATURE + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


AN_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>'


def in_order(report: Report) -> bool:
    return list(dict.fromkeys(finding.check for finding in report.findings)) == NAMES


def test_the_checks_are_those_of_the_interface() -> None:
    assert [question.check.name for question in CHECKS] == NAMES


def containers() -> list[tuple[str, str, bytes, World]]:
    embedded = write_json(signed(open_badge()))
    token = jwt_proof.secure(open_badge(), jwt_signer())
    hosted = write_json(hosted_assertion())
    token_2 = jws(signed_assertion())
    found = []
    for text, pages in ((embedded, world()), (token, world())):
        found += [
            ("png", "OpenBadgeCredential", png.bake(a_png(), text, png.KEYWORD_3), pages),
            ("svg", "OpenBadgeCredential", svg.bake(AN_SVG, text, "3.0").encode(), pages),
        ]
    for text, pages in ((hosted, world_2()), (token_2, world_2())):
        found += [
            ("png", "Assertion", png.bake(a_png(), text, png.KEYWORD_2), pages),
            ("svg", "Assertion", svg.bake(AN_SVG, text, "2.0").encode(), pages),
        ]
    return [
        *found,
        ("json", "OpenBadgeCredential", b"\xef\xbb\xbf \n" + embedded.encode(), world()),
        ("jwt", "OpenBadgeCredential", b"  " + token.encode() + b"\n", world()),
        ("jwt", "OpenBadgeCredential", write_json({"jwt": token}).encode(), world()),
        ("json", "Assertion", hosted.encode(), world_2()),
        ("jwt", "Assertion", token_2.encode(), world_2()),
    ]


CONTAINERS = containers()


# Tokens differ at each run, so they make no names for tests.
@pytest.mark.parametrize(("container", "kind", "data", "pages"), CONTAINERS, ids=range(len(CONTAINERS)))
def test_the_same_badge_verifies_in_every_container(container: str, kind: str, data: bytes, pages: World) -> None:
    report = pages.report(data)

    assert (report.container, report.kind, report.verdict) == (container, kind, "verified")
    assert report.version == ("2.0" if kind == "Assertion" else "3.0")
    assert in_order(report)


def legacy_png(url: str) -> bytes:
    data = b"openbadges\0" + url.encode()
    chunk = struct.pack(">I", len(data)) + b"tEXt" + data + struct.pack(">I", zlib.crc32(b"tEXt" + data))
    picture = a_png()
    return picture[:33] + chunk + picture[33:]


def test_a_picture_that_only_names_a_hosted_assertion() -> None:
    report = world_2().report(legacy_png(ASSERTION_URL))
    assert (report.kind, report.verdict) == ("Assertion", "verified")

    lost = World().report(legacy_png(ASSERTION_URL))
    assert (lost.outcome_of("parse"), lost.verdict) == ("unknown", "incomplete")
    assert in_order(lost)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"{",
        b"[]",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 1000,
        b"a.b.c",
        b"eyJhbGciOiJSUzI1NiJ9.e30",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"\xff\xfe\x00",
        b"{" + b" " * 2_000_000 + b"}",
    ],
    ids=range(19),
)
def test_what_cannot_be_read_is_said_so_and_nothing_else_is_claimed(data: bytes) -> None:
    report = world().report(data)

    assert (report.outcome_of("parse"), report.verdict, report.kind) == ("failed", "not_verified", None)
    assert in_order(report)
    assert {finding.outcome.value for finding in report.findings[1:] if finding.check != "recipient"} == {"unknown"}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (
            {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "ClrCredential"]},
            "ClrCredential",
        ),
        (
            {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]},
            "VerifiablePresentation",
        ),
        ({"uid": "1", "recipient": "sha256$x", "badge": {}, "verify": {}}, "Assertion"),
        (
            {"@context": [open_badge()["@context"][1]], **open_badge()["credentialSubject"]["achievement"]},
            "Achievement",
        ),
        ({"@context": [open_badge()["@context"][1]], **open_badge()["issuer"]}, "Profile"),
    ],
)
def test_what_is_known_and_not_verified_here_is_named(document: JsonObject, kind: str) -> None:
    report = world().report(document)

    assert (report.kind, report.verdict) == (kind, "incomplete")
    assert (report.outcome_of("type"), report.of("type")[0].code) == ("unknown", "UNSUPPORTED")
    assert in_order(report)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"hello": "world"},
        {"type": "Person"},
        {"type": 7},
        {"type": [None, {}, ["Assertion"]]},
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "credentialSubject": {},
        },
    ],
)
def test_what_is_no_badge_is_not_verified(document: JsonObject) -> None:
    report = world().report(document)

    assert (report.outcome_of("type"), report.verdict) == ("failed", "not_verified")
    assert in_order(report)


def test_a_badge_without_its_types_is_still_judged() -> None:
    report = world().report(changed(signed(open_badge()), "type", REMOVED))

    assert report.kind == "OpenBadgeCredential"
    assert [finding.check for finding in report.findings if finding.outcome == "failed"][:2] == ["json_ld", "type"]


def test_a_badge_under_a_context_that_is_not_bundled_is_incomplete() -> None:
    contexts = [*open_badge()["@context"], "https://example.org/more.jsonld"]
    report = world().report(jwt_proof.secure(changed(open_badge(), "@context", contexts), jwt_signer()))

    assert (report.outcome_of("json_ld"), report.verdict) == ("unknown", "incomplete")
    assert report.of("json_ld")[0].code == "UNKNOWN_CONTEXT"


def test_an_older_open_badges_context_is_a_warning() -> None:
    older = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"
    report = world().report(jwt_proof.secure(changed(open_badge(), "@context/1", older), jwt_signer()))

    assert report.outcome_of("context") == "passed"
    assert [(warning.check, warning.code, warning.path) for warning in report.warnings] == [
        ("context", "OLDER_CONTEXT_VERSION", "$['@context'][1]")
    ]


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("evidence", {"type": ["Evidence"], "name": "One"}, "$.evidence"),
        ("credentialSubject/achievement/tag", "one", "$.credentialSubject.achievement.tag"),
        (
            "credentialSubject/achievement/image",
            "https://badges.example.org/a.png",
            "$.credentialSubject.achievement.image",
        ),
        ("awardedDate", "2026-02-27T10:00+0000", "$.awardedDate"),
    ],
)
def test_what_is_readable_though_not_as_written_is_a_warning(place: str, value: object, path: str) -> None:
    report = world().report(jwt_proof.secure(changed(open_badge(), place, value), jwt_signer()))

    assert path in [warning.path for warning in report.warnings]
    assert report.outcome_of("model") == "passed"


def test_a_schema_of_its_own_is_not_claimed() -> None:
    schema = [{"id": "https://example.org/schema.json", "type": "1EdTechJsonSchemaValidator2019"}]
    report = world().report(signed(changed(open_badge(), "credentialSchema", schema)))

    assert (report.outcome_of("schema"), report.verdict) == ("unknown", "incomplete")


def test_a_refresh_service_is_not_claimed() -> None:
    service = {"id": "https://example.org/refresh", "type": "1EdTechCredentialRefresh"}
    report = world().report(signed({**open_badge(), "refreshService": service}))

    assert (report.outcome_of("refresh"), report.verdict) == ("unknown", "incomplete")


def test_an_extension_of_2_0_without_context_is_refused() -> None:
    extended = {**signed_assertion(), "extensions:x": {"type": ["Extension", "extensions:X"], "a": 1}}
    report = world_2().report(jws(extended))

    assert (report.outcome_of("extensions"), report.verdict) == ("failed", "not_verified")


def test_a_hosted_assertion_that_was_changed_on_the_way() -> None:
    report = world_2().report({**hosted_assertion(), "narrative": "Chef"})

    assert report.verdict == "verified"  # of what its host says
    assert [warning.code for warning in report.warnings] == ["DIFFERS_FROM_HOSTED"]


def test_a_hosted_assertion_on_a_place_of_somebody_else() -> None:
    evil = "https://attacker.example/assertion"
    pages = world_2()
    pages.puts(evil, {**hosted_assertion(), "id": evil})
    report = pages.report({**hosted_assertion(), "id": evil})

    assert (report.outcome_of("proof"), report.outcome_of("issuer")) == ("passed", "failed")
    assert not report.flags.issuer_confirmed


@pytest.mark.parametrize(
    "starts",
    ["https://badges.example/ob2/assertions/", ["https://x.example/", "https://badges.example/ob2/"]],
)
def test_a_scope_that_lets_it_in(starts: object) -> None:
    pages = world_2()
    pages.puts(open_badges_2_issuer(), changed(issuer_profile(), "verification", {"startsWith": starts}))

    assert pages.report(hosted_assertion()).verdict == "verified"


@pytest.mark.parametrize(
    "verification",
    [
        {"startsWith": "https://badges.example/other/"},
        {"startsWith": "https://badges.exampl"},
        {"startsWith": "https://badges"},
        {"allowedOrigins": "other.example"},
        {"allowedOrigins": ["example", "xbadges.example"]},
    ],
)
def test_a_scope_that_does_not_let_it_in(verification: JsonObject) -> None:
    pages = world_2()
    pages.puts(open_badges_2_issuer(), changed(issuer_profile(), "verification", verification))
    report = pages.report(hosted_assertion())

    assert (report.outcome_of("issuer"), report.verdict) == ("failed", "not_verified")


def open_badges_2_issuer() -> str:
    return str(issuer_profile()["id"])


def test_a_signed_assertion_cannot_pass_as_hosted_nor_the_reverse() -> None:
    as_signed = world_2().report(jws(hosted_assertion()))
    assert as_signed.outcome_of("issuer") == "failed"

    pages = world_2()
    pages.puts(ASSERTION_URL, {**signed_assertion(), "id": ASSERTION_URL})
    assert pages.report({**signed_assertion(), "id": ASSERTION_URL}).outcome_of("issuer") == "failed"


def test_a_revoked_answer_by_itself_is_read() -> None:
    report = world_2().report(open_badges_2.revoked_assertion_document(ASSERTION_URL))

    assert report.flags.revoked
    assert report.verdict == "not_verified"
