"""Does it still stand: revocation, dates, recipient, endorsements (OB 2.0, sections 4 and 5)."""

from collections.abc import Iterator
from datetime import datetime

from badges_server.credentials.errors import BadgeError, MalformedValueError, ParsingError
from badges_server.credentials.json_text import JsonObject, JsonValue, parse_json_object
from badges_server.credentials.verification.case import GONE, Case, identifier_of
from badges_server.credentials.verification.facts import OK, Answer, NotRetrievedError, shown
from badges_server.credentials.verification.finding import (
    EXPIRED,
    NOT_MADE,
    NOT_YET_VALID,
    RECIPIENT,
    RECIPIENT_MISMATCH,
    REVOKED,
    STATUS,
    VALIDITY,
    Finding,
    Said,
)
from badges_server.credentials.verification.kinds import ASSERTION, ENDORSEMENT_2
from badges_server.credentials.verification.model.values import read_moment
from badges_server.credentials.verification.urls import without_fragment
from badges_server.credentials.verification.version_2 import graph
from badges_server.credentials.verification.version_3.recipient import NOBODY_ASKED, compared


def check_status(case: Case) -> Iterator[Said]:
    """Its host, or its issuer's revocation list, does not take it back."""
    if case.document.get("revoked") is True or case.given.get("revoked") is True:
        yield _revoked(case.document.get("revocationReason"), "$.revoked")
    elif case.form == "signed":
        yield _listed(case)
    else:
        yield _hosted(case)


def check_validity(case: Case) -> Iterator[Said]:
    """Not before it was issued, not after it expires."""
    if case.kind not in (ASSERTION, ENDORSEMENT_2):
        yield VALIDITY.not_applicable(f"a {case.kind.name} has no dates")
        return
    now = case.facts.now
    found: list[Finding] = []
    issued, expires = _read(case, "issuedOn"), _read(case, "expires") if "expires" in case.document else None
    found += [moment for moment in (issued, expires) if isinstance(moment, Finding)]
    if isinstance(issued, datetime) and now < issued:
        found.append(VALIDITY.failed(NOT_YET_VALID, f"issued on {issued.isoformat()}", "$.issuedOn"))
    if isinstance(expires, datetime) and now > expires:
        found.append(VALIDITY.failed(EXPIRED, f"expired on {expires.isoformat()}", "$.expires"))
    yield from found or [VALIDITY.passed(f"at {now.isoformat(timespec='seconds')}")]


def check_recipient(case: Case) -> Iterator[Said]:
    """The recipient is the one asked for."""
    asked = case.facts.recipient
    if asked is None:
        yield RECIPIENT.not_applicable(NOBODY_ASKED)
        return
    answers = list(compared(case.document.get("recipient"), asked, "$.recipient"))
    mismatch = RECIPIENT.failed(RECIPIENT_MISMATCH, f"the recipient is not the {asked.type} asked for", "$.recipient")
    yield from answers or [mismatch]


def _read(case: Case, name: str) -> datetime | Finding:
    try:
        return read_moment(case.document.get(name))
    except MalformedValueError as error:
        return VALIDITY.unknown(NOT_MADE, f"{name} cannot be read: {error.message}", f"$.{name}")


def _revoked(reason: JsonValue, path: str) -> Finding:
    words = f": {shown(reason)}" if isinstance(reason, str) else ""
    return STATUS.failed(REVOKED, f"revoked by its issuer{words}", path)


def _hosted(case: Case) -> Finding:
    identifier = identifier_of(case.given) or ""
    try:
        answer = case.facts.answer(without_fragment(identifier))
    except NotRetrievedError as error:
        return STATUS.unknown("STATUS_RETRIEVAL_ERROR", error.message, "$.id")
    if answer.status == GONE or _says_revoked(answer):
        return _revoked(None, "$.id")
    if answer.status != OK:
        return STATUS.unknown("STATUS_RETRIEVAL_ERROR", f"{identifier} answered {answer.status}", "$.id")
    return STATUS.passed("its host does not take it back", "$.id")


def _says_revoked(answer: Answer) -> bool:
    try:
        return parse_json_object(answer.body).get("revoked") is True
    except ParsingError:
        return False


def _listed(case: Case) -> Finding:
    path = f"{graph.issuer_path(case)}.revocationList"
    try:
        profile = graph.issuer(case)
        url = identifier_of(profile.get("revocationList"))
        if url is None:
            return STATUS.not_applicable("its issuer keeps no revocation list: it cannot be taken back")
        entries = _entries(case.facts.json(without_fragment(url)), profile)
    except NotRetrievedError as error:
        return STATUS.unknown("STATUS_RETRIEVAL_ERROR", error.message, path)
    except BadgeError as error:
        return STATUS.failed("STATUS_VERIFICATION_ERROR", str(error), path)
    for entry in entries:
        content: JsonObject = entry if isinstance(entry, dict) else {"id": entry}
        if _is_about(content, case.document) and content.get("revoked") is not False:
            return _revoked(content.get("revocationReason"), path)
    return STATUS.passed(f"not in {url}", path)


def _entries(revocations: JsonObject, profile: JsonObject) -> list[JsonValue]:
    types = revocations.get("type")
    if "RevocationList" not in (types if isinstance(types, list) else [types]):
        raise MalformedValueError("no RevocationList", value=types)
    if identifier_of(revocations.get("issuer")) != profile.get("id"):
        raise MalformedValueError("the revocation list of another issuer", value=revocations.get("issuer"))
    entries = revocations.get("revokedAssertions", [])
    return entries if isinstance(entries, list) else [entries]


def _is_about(entry: JsonObject, document: JsonObject) -> bool:
    return any(name in entry and entry[name] == document.get(name) for name in ("id", "uid"))
