"""What was awarded before to the people of a batch, and so what each line leads to."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.services.awarding.differing import Differences
from badges_server.services.awarding.judging import Judged
from badges_server.services.awarding.recipients import digest_of, find_people
from badges_server.services.awarding.report import Difference, Outcome
from badges_server.services.server import Server
from badges_server.storage.tables import AwardRow

# Who, what, in which version, at which level: all of an award but its date.
_Place: TypeAlias = tuple[str, str, str, int | None]


class Earlier:
    """The awards that the lines of a batch may touch."""

    def __init__(self, server: Server, session: Session, lines: Sequence[Judged]) -> None:
        self._server = server
        keys = [judged.key for judged in lines]
        by_key = session.scalars(select(AwardRow).where(AwardRow.idempotency_key.in_(keys)))
        self._by_key = {row.idempotency_key: row for row in by_key}
        digests = {person_id: d for d, person_id in find_people(server, session, [j.line for j in lines]).items()}
        self._differences = Differences(server, session, list(self._by_key.values()))
        self._places: dict[_Place, list[AwardRow]] = {}
        for row in session.scalars(select(AwardRow).where(AwardRow.person_id.in_(sorted(digests)))):
            place = (digests[row.person_id], row.achievement_slug, row.achievement_version, row.level)
            self._places.setdefault(place, []).append(row)

    def award(self, judged: Judged) -> AwardRow | None:
        """The award that this very line led to before."""
        return self._by_key.get(judged.key)

    def draft(self, judged: Judged) -> AwardRow | None:
        """The draft that waits for the evidence that the line may bring."""
        return next((row for row in self._at_place(judged) if row.state == "draft"), None)

    def keep(self, judged: Judged, row: AwardRow) -> None:
        """Remember what a line of this batch has led to."""
        self._by_key[judged.key] = row
        at_place = self._places.setdefault(self._place(judged), [])
        if row not in at_place:
            at_place.append(row)

    def outcome(self, judged: Judged) -> Outcome:
        """Tell what a line leads to."""
        known = self.award(judged)
        if known is not None and known.state != "draft":
            return "signed" if _is_answered(known, judged) else "unchanged"
        if judged.missing is not None:
            return "unchanged" if self._is_overtaken(judged) else "draft"
        return "offered" if judged.line.accepted_on is None else "signed"

    def differences(self, judged: Judged) -> tuple[Difference, ...]:
        """Tell what the line says otherwise than the award that it led to before."""
        known = self.award(judged)
        return self._differences.of(judged.line, known) if known is not None else ()

    def _is_overtaken(self, judged: Judged) -> bool:
        """Whether the missing evidence has come since: then the old line has nothing left to say."""
        last = judged.line.last_observed_on
        return any(
            row.awarded_on is not None and (last is None or last <= row.awarded_on) for row in self._at_place(judged)
        )

    def _at_place(self, judged: Judged) -> list[AwardRow]:
        return self._places.get(self._place(judged), [])

    def _place(self, judged: Judged) -> _Place:
        achievement = judged.achievement
        return digest_of(self._server, judged.line), achievement.slug, achievement.version, judged.line.level


def _is_answered(known: AwardRow, judged: Judged) -> bool:
    """Whether the line brings the answer, on paper, to an offer that is still open."""
    return known.state == "offered" and judged.line.accepted_on is not None and known.review_since is None
