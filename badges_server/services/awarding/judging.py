"""Lines meet the records: what each names is looked up, then judged."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from badges_server.credentials.model import Achievement
from badges_server.network.members import Mandate, Member, may_issue_on
from badges_server.services.awarding.csv_file.lines import AwardLine
from badges_server.services.awarding.evidence import LineFacts, missing_evidence, refusals_of
from badges_server.services.awarding.idempotency import award_key
from badges_server.services.awarding.reasons import Refusal
from badges_server.services.cataloguing import UnknownAchievementError, find_achievement
from badges_server.services.recording import mandates_of, membership_of
from badges_server.services.server import Server
from badges_server.storage.tables import ProfileRow, StaffRow


@dataclass(frozen=True)
class Judged:
    """A line that may be awarded, or kept as a draft.

    Attributes:
        key: the award's idempotency key.
        missing: what must still be seen; none: the award can be offered.
    """

    line: AwardLine
    achievement: Achievement
    key: str
    missing: Refusal | None


class Register:
    """What the lines of a batch name: each thing is looked up once."""

    def __init__(self, server: Server, session: Session) -> None:
        self._server = server
        self._session = session
        self._today = server.now().date()
        self._members: dict[str, Member | None] = {}
        self._mandates: dict[str, tuple[Mandate, ...]] = {}
        self._achievements: dict[str, Achievement | None] = {}
        self._staff: dict[str, bool] = {}

    def judge(self, line: AwardLine) -> Judged | list[Refusal]:
        """Judge one line by itself."""
        facts = self._facts(line)
        refusals = refusals_of(line, facts)
        if refusals or facts.achievement is None:
            return refusals
        return Judged(
            line=line,
            achievement=facts.achievement,
            key=award_key(self._server.secret_key, line, facts.achievement),
            missing=missing_evidence(line, facts.achievement.evidence_rule),
        )

    def _facts(self, line: AwardLine) -> LineFacts:
        member = self._member(line.organisation)
        return LineFacts(
            member=member,
            achievement=self._achievement(line.achievement),
            mandates=self._mandates_of(line.organisation) if member else (),
            known_staff=frozenset(o.observer for o in line.observations if self._is_staff(o.observer)),
            today=self._today,
        )

    def _member(self, slug: str) -> Member | None:
        if slug not in self._members:
            self._members[slug] = look_up_member(self._session, slug)
        return self._members[slug]

    def _mandates_of(self, slug: str) -> tuple[Mandate, ...]:
        if slug not in self._mandates:
            self._mandates[slug] = tuple(mandates_of(self._session, slug))
        return self._mandates[slug]

    def _achievement(self, name: str) -> Achievement | None:
        if name not in self._achievements:
            self._achievements[name] = _look_up_achievement(self._session, name)
        return self._achievements[name]

    def _is_staff(self, reference: str) -> bool:
        if reference not in self._staff:
            self._staff[reference] = self._session.get(StaffRow, reference) is not None
        return self._staff[reference]


def look_up_member(session: Session, slug: str) -> Member | None:
    """Look up an organisation with its dates, or None; the network and its neutral profile are no members."""
    profile = session.get(ProfileRow, slug)
    return membership_of(session, slug) if profile is not None and profile.kind == "member" else None


def can_issue_named(session: Session, organisation: str, day: date) -> bool:
    """Tell whether an organisation may show itself as issuer that day."""
    member = look_up_member(session, organisation)
    return member is not None and may_issue_on(member, day)


def _look_up_achievement(session: Session, name: str) -> Achievement | None:
    try:
        return find_achievement(session, name)
    except UnknownAchievementError:
        return None
