"""Who stands for it: endorsements of an assertion, its badge class and its issuer (OB 2.0, Endorsement).

Each is a document of its own, hosted or signed, about the object that names it. They never count in the verdict.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.facts import Want
from badges_server.credentials.verification.finding import ENDORSEMENTS, UNSUPPORTED, Finding, Outcome, Said
from badges_server.credentials.verification.kinds import ASSERTION, ENDORSEMENT_2
from badges_server.credentials.verification.report import Report
from badges_server.credentials.verification.urls import is_http, without_fragment
from badges_server.credentials.verification.version_2 import graph

MAXIMUM_ENDORSEMENTS = 5

Judge = Callable[[Case], Report]


@dataclass(frozen=True)
class _Place:
    """Where an endorsement is named, what stands there, and the id of the object that it should be about."""

    path: str
    content: JsonValue
    about: str | None


def endorsement_wants(case: Case) -> Iterator[Want]:
    """The endorsements, and what judging each needs."""
    for place in _places(case)[:MAXIMUM_ENDORSEMENTS]:
        if isinstance(place.content, str) and is_http(place.content):
            yield Want(without_fragment(place.content))
        try:
            yield from graph.related_wants(_open(case, place))
        except BadgeError:
            continue  # not there yet, or not readable: told by the check


def check_endorsements(case: Case, judge: Judge) -> Iterator[Said]:
    """Each endorsement verifies and is about the object that names it."""
    places = _places(case)
    if not places:
        yield ENDORSEMENTS.not_applicable("nobody endorses it from inside")
        return
    if case.depth:
        yield ENDORSEMENTS.unknown(UNSUPPORTED, "endorsements of endorsements are not followed", places[0].path)
        return
    for place in places[:MAXIMUM_ENDORSEMENTS]:
        finding = _judged(case, place, judge)
        yield finding
        if finding.outcome is not Outcome.PASSED:
            yield ENDORSEMENTS.warning(str(finding.code), finding.detail, finding.path)
    if len(places) > MAXIMUM_ENDORSEMENTS:
        detail = f"{len(places) - MAXIMUM_ENDORSEMENTS} more endorsements were not looked at"
        yield ENDORSEMENTS.unknown(UNSUPPORTED, detail, places[MAXIMUM_ENDORSEMENTS].path)


def concluded(report: Report, path: str) -> Finding:
    """Say in one finding what judging the endorsement at `path` came to."""
    who = report.credential.issuer_name or report.credential.issuer_id
    if report.verdict == "verified":
        return ENDORSEMENTS.passed(f"by {who}", path)
    worst = Outcome.FAILED if report.verdict == "not_verified" else Outcome.UNKNOWN
    reasons = [item for item in report.findings if item.outcome is worst and item.check != ENDORSEMENTS.name]
    detail = f"by {who}: {reasons[0].check}: {reasons[0].detail}"
    return Finding(ENDORSEMENTS.name, worst, reasons[0].code, detail, path)


def _judged(case: Case, place: _Place, judge: Judge) -> Finding:
    try:
        endorsement = _open(case, place)
    except BadgeError as error:
        return ENDORSEMENTS.blocked(error, place.path)
    if endorsement.kind != ENDORSEMENT_2:
        return ENDORSEMENTS.failed("MALFORMED_VALUE_ERROR", f"a {endorsement.kind.name} in its place", place.path)
    subject = identifier_of(endorsement.document.get("claim"))
    if subject is None or subject != place.about:
        return ENDORSEMENTS.failed("MALFORMED_VALUE_ERROR", f"it endorses something else: {subject}", place.path)
    return concluded(judge(endorsement), place.path)


def _open(case: Case, place: _Place) -> Case:
    """Open what stands there: a URL, a compact JWS, or the endorsement itself.

    Raises:
        NotRetrievedError: it could not be had.
        BadgeError: it is none of these.
    """
    if isinstance(place.content, str) and is_http(place.content):
        return case.nested(case.facts.json(without_fragment(place.content)))
    return case.nested_text(place.content) if isinstance(place.content, str) else case.nested(place.content)


def _places(case: Case) -> list[_Place]:
    found: list[_Place] = []
    for path, owner in _owners(case):
        value = owner.get("endorsement", [])
        many = value if isinstance(value, list) else [value]
        step = f"{path}.endorsement"
        found += [
            _Place(f"{step}[{index}]" if isinstance(value, list) else step, item, identifier_of(owner))
            for index, item in enumerate(many)
        ]
    return found


def _owners(case: Case) -> Iterator[tuple[str, JsonObject]]:
    yield "$", case.document
    try:
        if case.kind == ASSERTION:
            yield "$.badge", graph.badge_class(case)
        if not graph.is_profile(case):
            yield graph.issuer_path(case), graph.issuer(case)
    except BadgeError:
        return  # told by check model
