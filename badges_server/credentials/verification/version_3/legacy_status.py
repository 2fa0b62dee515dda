"""The revocation list of Open Badges 3.0 before Bitstring Status List: an unsigned JSON document, deprecated since 1.3.

VCRL 1.0 as implementations have it: ``{id, issuer, revokedCredential: [{id, revoked, revocationReason}]}``.
"""

from collections.abc import Iterator

from badges_server.credentials.errors import BadgeError, MalformedValueError, StatusVerificationError
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.facts import NotRetrievedError, Want, shown
from badges_server.credentials.verification.finding import REVOKED, STATUS, Finding, Said
from badges_server.credentials.verification.urls import without_fragment

TYPE = "1EdTechRevocationList"


def list_wants(entry: JsonObject) -> Iterator[Want]:
    """The list itself; nothing proves it but its place."""
    identifier = entry.get("id")
    if isinstance(identifier, str):
        yield Want(without_fragment(identifier))


def listed_status(case: Case, entry: JsonObject, path: str) -> Iterator[Said]:
    """The list that `entry` names does not hold the credential."""
    yield STATUS.warning("DEPRECATED_STATUS_METHOD", f"{TYPE}: an unsigned list, deprecated in 2025", path)
    try:
        yield _looked_up(case, entry, path)
    except NotRetrievedError as error:
        yield STATUS.unknown("STATUS_RETRIEVAL_ERROR", error.message, path)
    except BadgeError as error:
        yield STATUS.failed(error.code, f"{error.message}: {shown(error.value)}", path)


def _looked_up(case: Case, entry: JsonObject, path: str) -> Finding:
    url = entry.get("id")
    if not isinstance(url, str):
        raise MalformedValueError("a list is named by its URL", value=url)
    document = case.facts.json(without_fragment(url))
    if identifier_of(document.get("issuer")) != case.issuer_id:
        raise StatusVerificationError("the list is of another issuer", value=document.get("issuer"))
    for item in _items(document):
        if item.get("id") == case.document.get("id") and item.get("revoked") is not False:
            return STATUS.failed(REVOKED, f"revoked by its issuer: {shown(item.get('revocationReason'))}", path)
    return STATUS.passed(f"not in {url}", path)


def _items(document: JsonObject) -> list[JsonObject]:
    value: JsonValue = document.get("revokedCredential")
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) for item in items):
        raise StatusVerificationError("no list of revoked credentials", value=value)
    return items
