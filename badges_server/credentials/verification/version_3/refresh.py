"""Is there a newer one (OB 3.0, section 9.1, step 3; VCCR 1.0), and does it use extensions.

Asked once, and only by a credential whose own proof holds: nobody else can send us anywhere. A newer form counts when
it is of the same issuer, has the same id, is no older, and its own proof holds; else the given one is judged.
"""

from collections.abc import Iterator
from dataclasses import replace

from badges_server.credentials.errors import BadgeError, MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.received import read_container
from badges_server.credentials.verification.case import Case, identifier_of, open_received
from badges_server.credentials.verification.facts import Facts, NotRetrievedError, Want
from badges_server.credentials.verification.finding import (
    EXTENSIONS,
    NOT_MADE,
    REFRESH,
    UNSUPPORTED,
    Finding,
    Outcome,
    Said,
)
from badges_server.credentials.verification.model.values import read_moment
from badges_server.credentials.verification.urls import is_http, without_fragment
from badges_server.credentials.verification.version_3.proofs import judged_proofs, proof_wants

_TYPE = "1EdTechCredentialRefresh"
_CREDENTIAL = "application/vc, application/ld+json;q=0.9, application/json;q=0.8, application/vc+jwt;q=0.7, */*;q=0.1"
_PATH = "$.refreshService"


def refresh_wants(case: Case) -> Iterator[Want]:
    """The newer form, and once it is there, the documents that publish its keys."""
    url = _service_url(case)
    if url is None or not _is_proven(case):
        return
    yield Want(url, _CREDENTIAL)
    try:
        yield from proof_wants(_fetched(url, case.facts))
    except BadgeError:
        return  # not there yet, or not readable: told by the check


def newest(case: Case) -> Case:
    """Give the case to judge: the newer form where its service gave one that counts, else `case` as it is."""
    url = _service_url(case)
    if url is None or case.refreshed is not None:
        return case
    if not _is_proven(case):
        why = "its refresh service was not asked: its own proof does not hold, or is not known to be the issuer's"
        return replace(case, refreshed=REFRESH.unknown(NOT_MADE, why, _PATH))
    try:
        newer = _fetched(url, case.facts)
        _check_same(case, newer)
    except BadgeError as error:
        blocked = REFRESH.blocked(error, _PATH)
        return replace(case, refreshed=replace(blocked, detail=f"judged as given: {blocked.detail}", path=_PATH))
    return replace(newer, refreshed=REFRESH.passed(f"judged as its refresh service gives it: {url}", _PATH))


def check_refresh(case: Case) -> Iterator[Said]:
    """The refresh service was asked for a newer form."""
    if case.refreshed is not None:
        yield case.refreshed
    elif "refreshService" not in case.document:
        yield REFRESH.not_applicable("it names no refresh service")
    elif case.depth:
        yield REFRESH.not_applicable("what another credential holds or leads to is judged as it is")
    else:
        yield REFRESH.unknown(UNSUPPORTED, "a refresh service of a kind that is not asked here", _PATH)


def check_extensions(case: Case) -> Iterator[Said]:  # noqa: ARG001  (every check takes the case)
    """Extensions are a thing of Open Badges 2.0; here further terms need their context, which check json_ld judges."""
    yield EXTENSIONS.not_applicable("Open Badges 3.0 has none: further terms are checked with the contexts")


def _service_url(case: Case) -> str | None:
    service = case.document.get("refreshService")
    if case.is_version_2 or case.depth or not isinstance(service, dict) or not _is_known(service):
        return None
    url = service.get("id")
    return without_fragment(url) if isinstance(url, str) and is_http(url) else None


def _is_known(service: JsonObject) -> bool:
    types = service.get("type")
    return _TYPE in (types if isinstance(types, list) else [types])


def _is_proven(case: Case) -> bool:
    best = judged_proofs(case)[0]
    return best.signature.outcome is Outcome.PASSED and best.binding.outcome is Outcome.PASSED


def _fetched(url: str, facts: Facts) -> Case:
    received = read_container(facts.body(url))
    if received.kind == "url":
        raise MalformedValueError("the refresh service gives a URL, not a credential", value=url)
    return open_received(received, facts)


def _check_same(case: Case, newer: Case) -> None:
    """The newer form is of the same kind, id and issuer, no older, and proven.

    Raises:
        MalformedValueError: it is not.
        NotRetrievedError: what proves it could not be had.
    """
    about = (newer.kind, newer.is_version_2, newer.issuer_id, identifier_of(newer.document))
    if about != (case.kind, case.is_version_2, case.issuer_id, identifier_of(case.document)):
        raise MalformedValueError("the refresh service gives another credential", value=newer.document.get("id"))
    best = judged_proofs(newer)[0]
    for finding in (best.signature, best.binding):
        _require(finding)
    if _beginning(newer) < _beginning(case):
        raise MalformedValueError("the refresh service gives an older form")


def _require(finding: Finding) -> None:
    if finding.outcome is Outcome.UNKNOWN:
        raise NotRetrievedError(f"the newer form is not proven: {finding.detail}")
    if finding.outcome is not Outcome.PASSED:
        raise MalformedValueError(f"the newer form is not proven: {finding.detail}")


def _beginning(case: Case) -> float:
    return read_moment(case.document.get(case.valid_from_name), f"$.{case.valid_from_name}").timestamp()
