"""The rules of an award, judged on one line and the facts gathered for it: pure, so that each can be tried alone.

They follow domain.md, section 2.11 ("Refuse") and open-badges.md, section 13b ("Who may award"): the private awarding
organisation is what counts, at every day of observation, whatever the presentation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from badges_server.credentials.document import expiry_of
from badges_server.credentials.model import Achievement, EvidenceRule
from badges_server.network.members import Mandate, Member, has_convention_on, has_mandate_on, is_member_on, may_issue_on
from badges_server.services.awarding.csv_file.header import column_name
from badges_server.services.awarding.csv_file.lines import AwardLine, LineObservation
from badges_server.services.awarding.reasons import Reason, Refusal, refusal


@dataclass(frozen=True)
class LineFacts:
    """What the server knows about what a line names.

    Attributes:
        mandates: those given for the awarding organisation.
        known_staff: which of the line's observers exist at all.
        today: the current day, UTC.
    """

    member: Member | None
    achievement: Achievement | None
    mandates: tuple[Mandate, ...]
    known_staff: frozenset[str]
    today: date


def missing_evidence(line: AwardLine, rule: EvidenceRule) -> Refusal | None:
    """Say what must still be seen before the award can be offered; none: it can be.

    The same observer on the same day is one observation, however often it is written.
    """
    seen = {(o.observed_on, o.observer) for o in line.observations}
    if len(seen) < rule.min_observations:
        column = column_name("observed_on", len(line.observations) + 1)
        return refusal(Reason.TOO_FEW_OBSERVATIONS, column, rule.min_observations)
    return None


def refusals_of(line: AwardLine, facts: LineFacts) -> list[Refusal]:
    """Judge a line; an empty list means that it may be awarded, or kept as a draft when evidence is missing."""
    if facts.member is None:
        return [refusal(Reason.UNKNOWN_ORGANISATION, "organisation", line.organisation)]
    if facts.achievement is None:
        return [refusal(Reason.UNKNOWN_ACHIEVEMENT, "achievement", line.achievement)]
    return [
        *_class(line, facts.achievement),
        *_observations(line, facts.achievement, facts.member, facts),
        *_second_observer(line, facts.achievement.evidence_rule),
        *_acceptance(line, facts.achievement, facts.member, facts.today),
    ]


def _class(line: AwardLine, achievement: Achievement) -> Iterator[Refusal]:
    if achievement.retired:
        yield refusal(Reason.ACHIEVEMENT_RETIRED, "achievement", achievement.code)
    if achievement.milestone:
        yield refusal(Reason.MILESTONE, "achievement", achievement.code)
    elif line.level is None and achievement.levels:
        yield refusal(Reason.LEVEL_MISSING, "level", ", ".join(map(str, achievement.levels)))
    elif line.level is not None and line.level not in achievement.levels:
        yield refusal(Reason.LEVEL_NOT_IN_CLASS, "level", line.level)


def _observations(line: AwardLine, achievement: Achievement, member: Member, facts: LineFacts) -> Iterator[Refusal]:
    """One reason for each observation at most: a wrong day makes the question of the mandate idle."""
    for seen in line.observations:
        wrong_day = _wrong_day(seen.observed_on, achievement, member, facts.today)
        wrong_observer = _wrong_observer(seen, line.recipient_ref, achievement, facts)
        if wrong_day is not None:
            yield refusal(wrong_day, column_name("observed_on", seen.position), seen.observed_on)
        elif wrong_observer is not None:
            by_day = wrong_observer is Reason.OBSERVER_WITHOUT_MANDATE
            value = seen.observed_on if by_day else seen.observer
            yield refusal(wrong_observer, column_name("observer", seen.position), value)


def _wrong_day(day: date, achievement: Achievement, member: Member, today: date) -> Reason | None:
    if day > today:
        return Reason.DATE_IN_FUTURE
    if day < achievement.published_on:
        return Reason.BEFORE_PUBLICATION
    if not is_member_on(member, day):
        return Reason.ISSUER_NOT_MEMBER
    return None if has_convention_on(member, day) else Reason.NO_CONVENTION


def _wrong_observer(
    seen: LineObservation, recipient_ref: str, achievement: Achievement, facts: LineFacts
) -> Reason | None:
    # A recipient may be staff too: the reference is what tells that it is the same person.
    if seen.observer.casefold() == recipient_ref.casefold():
        return Reason.SELF_AWARD
    if seen.observer not in facts.known_staff:
        return Reason.OBSERVER_UNKNOWN
    held = has_mandate_on(facts.mandates, seen.observer, achievement.slug, seen.observed_on)
    return None if held else Reason.OBSERVER_WITHOUT_MANDATE


def _second_observer(line: AwardLine, rule: EvidenceRule) -> Iterator[Refusal]:
    """Refuse one pair of eyes where two are asked for; a line that lacks observations anyway can still get them."""
    if line.level is None or line.level < rule.second_observer_from_level or missing_evidence(line, rule):
        return
    if len({seen.observer for seen in line.observations}) < 2:
        column = column_name("observer", len(line.observations))
        yield refusal(Reason.SECOND_OBSERVER_NEEDED, column, rule.second_observer_from_level)


def _acceptance(line: AwardLine, achievement: Achievement, member: Member, today: date) -> Iterator[Refusal]:
    accepted_on, last = line.accepted_on, line.last_observed_on
    yield from _expired(last, achievement, accepted_on or today)
    if accepted_on is None:
        return
    missing = missing_evidence(line, achievement.evidence_rule)
    if missing is not None:
        yield missing
    if accepted_on > today:
        yield refusal(Reason.ACCEPTED_IN_FUTURE, "accepted_on", accepted_on)
    elif last is not None and accepted_on < last <= today:
        yield refusal(Reason.ACCEPTED_BEFORE_OBSERVATION, "accepted_on", accepted_on)
    if line.presentation == "named" and not may_issue_on(member, accepted_on):
        yield refusal(Reason.LEFT_BEFORE_ACCEPTANCE, "presentation", accepted_on)


def _expired(last: date | None, achievement: Achievement, answered_on: date) -> Iterator[Refusal]:
    """Refuse what would have run out before the person could say yes; what has run out since is told as it is."""
    expires = None if last is None else expiry_of(last, achievement)
    if expires is not None and expires.date() < answered_on:
        yield refusal(Reason.ALREADY_EXPIRED, None, expires.date())
