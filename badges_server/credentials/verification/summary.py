"""What a credential says about itself, for the head of a report."""

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.kinds import ASSERTION
from badges_server.credentials.verification.report import Summary
from badges_server.credentials.verification.version_2 import graph


def summary_of(case: Case) -> Summary:
    """Take id, name, issuer and dates from where each version writes them."""
    return _version_2(case) if case.is_version_2 else _version_3(case)


def _version_3(case: Case) -> Summary:
    document = case.document
    subject = _object(document.get("credentialSubject"))
    issuer = document.get("issuer")
    return Summary(
        id=identifier_of(document),
        name=_text(document.get("name")) or _text(_object(subject.get("achievement")).get("name")),
        issuer_id=identifier_of(issuer),
        issuer_name=_text(_object(issuer).get("name")),
        valid_from=_text(document.get(case.valid_from_name)),
        valid_until=_text(document.get(case.valid_until_name)),
    )


def _version_2(case: Case) -> Summary:
    about = case.document
    issuer: JsonObject = {}
    try:
        about = graph.badge_class(case) if case.kind == ASSERTION else about
        issuer = graph.issuer(case)
    except BadgeError:
        about = _object(about.get("badge")) if about is case.document and case.kind == ASSERTION else about
    return Summary(
        id=identifier_of(case.document),
        name=_text(about.get("name")),
        issuer_id=identifier_of(about.get("issuer")) or identifier_of(issuer),
        issuer_name=_text(issuer.get("name")),
        valid_from=_text(case.document.get("issuedOn")),
        valid_until=_text(case.document.get("expires")),
    )


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
