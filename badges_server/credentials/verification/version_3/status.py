"""Has it been taken back (Bitstring Status List 1.0, section 3.2; OB 3.0, section 9.1, step 4)."""

from collections.abc import Iterator

from badges_server.credentials.errors import BadgeError, StatusVerificationError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path
from badges_server.credentials.status_list import StatusEntry, read_status_entry, read_status_list, status_value
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import NotRetrievedError, Want, shown
from badges_server.credentials.verification.finding import (
    REVOKED,
    STATUS,
    SUSPENDED,
    UNSUPPORTED,
    Finding,
    Outcome,
    Said,
)
from badges_server.credentials.verification.kinds import STATUS_LIST
from badges_server.credentials.verification.version_3 import legacy_status
from badges_server.credentials.verification.version_3.proofs import judged_proofs, proof_wants
from badges_server.credentials.verification.version_3.validity import check_end

_CREDENTIAL = "application/vc, application/ld+json;q=0.9, application/json;q=0.8, application/vc+jwt;q=0.7, */*;q=0.1"
_ENTRY = "BitstringStatusListEntry"


class _UnprovenListError(BadgeError):
    """The list's own proof could not be checked."""

    code = "STATUS_RETRIEVAL_ERROR"


def status_wants(case: Case) -> Iterator[Want]:
    """The status lists, and once they are there, the documents that publish their keys."""
    for _path, entry in _entries(case):
        if _is(entry, legacy_status.TYPE):
            yield from legacy_status.list_wants(entry)
        url = entry.get("statusListCredential")
        if not _is(entry, _ENTRY) or not isinstance(url, str):
            continue
        yield Want(url, _CREDENTIAL)
        try:
            yield from proof_wants(_list_case(case, url))
        except BadgeError:
            continue  # not there yet, or not readable: told by the check


def check_status(case: Case) -> Iterator[Said]:
    """Each status list that the credential points to says nothing against it."""
    if "credentialStatus" not in case.document:
        yield STATUS.not_applicable("it names no status list: it cannot be taken back")
        return
    entries = list(_entries(case))
    for path, entry in entries:
        if _is(entry, legacy_status.TYPE):
            yield from legacy_status.listed_status(case, entry, path)
        else:
            yield _status(case, entry, path)
    if not entries:
        yield STATUS.failed("MALFORMED_VALUE_ERROR", "credentialStatus is no object", "$.credentialStatus")


def _entries(case: Case) -> Iterator[tuple[str, JsonObject]]:
    value = case.document.get("credentialStatus")
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(item, dict):
            yield json_path(["credentialStatus", index] if isinstance(value, list) else ["credentialStatus"]), item


def _is(entry: JsonObject, name: str) -> bool:
    types = entry.get("type")
    return name in (types if isinstance(types, list) else [types])


def _status(case: Case, content: JsonObject, path: str) -> Finding:
    if not _is(content, _ENTRY):
        return STATUS.unknown(UNSUPPORTED, f"a kind of status that is not checked: {shown(content.get('type'))}", path)
    try:
        entry = read_status_entry(content)
    except BadgeError as error:
        place = f"{path}.{error.path}" if error.path and error.path in content else path
        return STATUS.failed(error.code, f"{error.message}: {shown(error.value)}", place)
    try:
        value = _value(case, entry)
    except NotRetrievedError as error:
        return STATUS.unknown("STATUS_RETRIEVAL_ERROR", error.message, path)
    except _UnprovenListError as error:
        return STATUS.unknown(error.code, error.message, path)
    except BadgeError as error:
        return STATUS.failed(error.code, f"{error.message}: {shown(error.value)}", path)
    return _meaning(entry, value, content, path)


def _meaning(entry: StatusEntry, value: int, content: JsonObject, path: str) -> Finding:
    """What a status says depends on its purpose: revocation is final, suspension is not, others are no refusal."""
    if entry.purpose == "revocation" and value:
        return STATUS.failed(REVOKED, "revoked by its issuer", path)
    if entry.purpose == "suspension" and value:
        return STATUS.failed(SUSPENDED, "suspended by its issuer", path)
    if entry.purpose in ("revocation", "suspension"):
        return STATUS.passed(f"{entry.purpose}: not set, by {entry.list_url}", path)
    return STATUS.passed(f"{entry.purpose}: {hex(value)} {shown(_message(content, value))}", path)


def _message(content: JsonObject, value: int) -> JsonValue:
    messages = content.get("statusMessage")
    for item in messages if isinstance(messages, list) else []:
        if isinstance(item, dict) and str(item.get("status")).lower() == hex(value):
            return item.get("message")
    return None


def _value(case: Case, entry: StatusEntry) -> int:
    status_list = _list_case(case, entry.list_url)
    _check_list(case, status_list, entry.list_url)
    subject = status_list.document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise StatusVerificationError("the list has no credentialSubject", value=entry.list_url)
    return status_value(entry, read_status_list(subject))


def _list_case(case: Case, url: str) -> Case:
    return case.nested_text(case.facts.body(url).decode("utf-8", errors="replace"))


def _check_list(case: Case, status_list: Case, url: str) -> None:
    """The list is a status list, of this very URL, by the same issuer, proven and in force."""
    if status_list.kind != STATUS_LIST:
        raise StatusVerificationError("there is another kind of document", value=status_list.kind.name)
    if status_list.document.get("id", url) != url:
        raise StatusVerificationError("the list has another id than its URL", value=status_list.document["id"])
    if status_list.issuer_id is None or status_list.issuer_id != case.issuer_id:
        raise StatusVerificationError("the list is of another issuer", value=status_list.issuer_id)
    best = judged_proofs(status_list)[0]
    for finding in (best.signature, best.binding, *check_end(status_list)):
        _check_finding(finding)


def _check_finding(finding: Said) -> None:
    if not isinstance(finding, Finding) or finding.outcome is Outcome.PASSED:
        return
    if finding.outcome is Outcome.FAILED:
        raise StatusVerificationError(f"the list is not valid: {finding.detail}", value=finding.code)
    raise _UnprovenListError(f"the list's own proof could not be checked: {finding.detail}")
