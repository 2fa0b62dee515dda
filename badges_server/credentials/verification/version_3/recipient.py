"""Is it this person's (OB 3.0, section 9.2)."""

from collections.abc import Iterator

from badges_server.credentials import recipient
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import Recipient
from badges_server.credentials.verification.finding import RECIPIENT, RECIPIENT_MISMATCH, Said

NOBODY_ASKED = "nobody asked whose it is"


def check_recipient(case: Case) -> Iterator[Said]:
    """The subject's id or one of its identifiers is the one asked for."""
    asked = case.facts.recipient
    if asked is None:
        yield RECIPIENT.not_applicable(NOBODY_ASKED)
        return
    subject = case.document.get("credentialSubject")
    content: JsonObject = subject if isinstance(subject, dict) else {}
    if asked.type in ("id", "did", "url") and content.get("id") == asked.value:
        yield RECIPIENT.passed("the subject's id is the one asked for", "$.credentialSubject.id")
        return
    identifiers = content.get("identifier")
    for index, item in enumerate(identifiers if isinstance(identifiers, list) else [identifiers]):
        answers = list(compared(item, asked, f"$.credentialSubject.identifier[{index}]"))
        yield from answers
        if answers:
            return
    yield RECIPIENT.failed(RECIPIENT_MISMATCH, f"no {asked.type} of the subject is the one asked for")


def compared(item: object, asked: Recipient, path: str) -> Iterator[Said]:
    """Say that the IdentityObject `item` is the one asked for, with its weaknesses; nothing when it is not."""
    if not isinstance(item, dict):
        return
    try:
        match = recipient.matches(item, asked.type, asked.value)
    except BadgeError:
        return  # no identifier; told by the checks of its form
    if match.matched:
        yield RECIPIENT.passed(f"this {asked.type} is the one asked for", path)
        for code in match.warnings:
            yield RECIPIENT.warning(code, _WEAKNESSES[code], path)


_WEAKNESSES = {
    recipient.MD5_IDENTITY_HASH: "hashed with MD5, which is broken",
    recipient.LOWER_CASE_IDENTITY: "equal only without regard to upper and lower case",
}
