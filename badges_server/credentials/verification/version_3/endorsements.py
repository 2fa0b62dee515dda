"""Who stands for it: the endorsements inside a credential, each judged by itself (OB 3.0, section 9.1, step 6).

They never count in the verdict: a fault of an endorsement is the endorser's, not the badge's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonValue, json_path, walk
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.facts import Want
from badges_server.credentials.verification.finding import ENDORSEMENTS, UNSUPPORTED, Finding, Outcome, Said
from badges_server.credentials.verification.kinds import ENDORSEMENT
from badges_server.credentials.verification.model.checker import Steps
from badges_server.credentials.verification.model.values import read_moment
from badges_server.credentials.verification.report import Report
from badges_server.credentials.verification.version_2.endorsements import concluded
from badges_server.credentials.verification.version_3.proofs import proof_wants
from badges_server.credentials.verification.version_3.status import status_wants

MAXIMUM_ENDORSEMENTS = 10

Judge = Callable[[Case], Report]


@dataclass(frozen=True)
class _Place:
    """Where an endorsement stands, and the object that it should be about."""

    steps: Steps
    content: JsonValue
    owner: JsonValue

    @property
    def path(self) -> str:
        return json_path(self.steps)


def endorsement_wants(case: Case) -> Iterator[Want]:
    """The documents that the endorsements' own proofs and status lists need."""
    for place in _places(case)[:MAXIMUM_ENDORSEMENTS]:
        try:
            endorsement = _open(case, place)
        except BadgeError:
            continue  # told by the check
        yield from proof_wants(endorsement)
        yield from status_wants(endorsement)


def check_endorsements(case: Case, judge: Judge) -> Iterator[Said]:
    """Each endorsement inside verifies, is about the object that holds it, and was good when the badge was awarded."""
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


def _judged(case: Case, place: _Place, judge: Judge) -> Finding:
    try:
        endorsement = _open(case, place)
    except BadgeError as error:
        return ENDORSEMENTS.failed(error.code, str(error), place.path)
    if endorsement.kind != ENDORSEMENT:
        return ENDORSEMENTS.failed("MALFORMED_VALUE_ERROR", f"a {endorsement.kind.name} in its place", place.path)
    subject = identifier_of(endorsement.document.get("credentialSubject"))
    if subject is None or subject != identifier_of(place.owner):
        return ENDORSEMENTS.failed("MALFORMED_VALUE_ERROR", f"it endorses something else: {subject}", place.path)
    return concluded(judge(endorsement), place.path)


def _open(case: Case, place: _Place) -> Case:
    content = place.content
    endorsement = case.nested_text(content) if isinstance(content, str) else case.nested(content)
    if place.steps[0] != "issuer":
        return endorsement
    # What the issuer was endorsed for must have held when it awarded; a membership that ended since kills no badge.
    return replace(endorsement, facts=replace(case.facts, now=_awarded_at(case)))


def _awarded_at(case: Case) -> datetime:
    for name in ("awardedDate", case.valid_from_name):
        if name in case.document:
            return min(read_moment(case.document[name], f"$.{name}"), case.facts.now)
    return case.facts.now


def _places(case: Case) -> list[_Place]:
    """Every endorsement in reading order, but not those inside of endorsements."""
    found: list[_Place] = []
    for steps, owner in walk(case.document):
        if not isinstance(owner, dict) or any(step in ("endorsement", "endorsementJwt") for step in steps):
            continue
        for name in ("endorsement", "endorsementJwt"):
            value = owner.get(name, [])
            many = value if isinstance(value, list) else [value]
            found += [_Place((*steps, name, index), item, owner) for index, item in enumerate(many)]
    return found
