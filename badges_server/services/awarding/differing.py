"""A line that was awarded before may say something new: it changes nothing; what differs is told, with the remedy."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.services.awarding.csv_file.lines import AwardLine
from badges_server.services.awarding.report import Difference
from badges_server.services.server import Server
from badges_server.storage.personal_data import decrypt
from badges_server.storage.tables import AwardRow, PersonRow

# Cells about the person, kept when the first line about them was written.
PERSONAL = ("first_name", "last_name", "email", "phone")
_KEPT = "kept as the first file said; no file changes it"


class Differences:
    """What lines say otherwise than the awards that they led to before; the people are looked up once for a batch."""

    def __init__(self, server: Server, session: Session, awards: Sequence[AwardRow]) -> None:
        ids = sorted({award.person_id for award in awards})
        self._people: Mapping[str, PersonRow] = {
            person.id: person for person in session.scalars(select(PersonRow).where(PersonRow.id.in_(ids)))
        }
        self._keys = server.person_keys.keys_for(ids) if ids else {}

    def of(self, line: AwardLine, award: AwardRow) -> tuple[Difference, ...]:
        """Name the cells that differ; an empty one asks for nothing. No value is repeated: they are personal."""
        return (*_presentation(line, award), *_acceptance(line, award), *self._personal(line, award.person_id))

    def _personal(self, line: AwardLine, person_id: str) -> Iterator[Difference]:
        person, key = self._people.get(person_id), self._keys.get(person_id)
        if person is None or key is None:
            return
        for column in PERSONAL:
            wished, kept = getattr(line, column), getattr(person, f"{column}_encrypted")
            if wished and wished != (decrypt(key, kept) if kept else ""):
                yield Difference(column, _KEPT)


def _presentation(line: AwardLine, award: AwardRow) -> Iterator[Difference]:
    if line.presentation == award.presentation:
        return
    if award.state == "signed":
        yield Difference("presentation", f"run reissue {award.code} --replace --presentation {line.presentation}")
    elif award.state == "offered":
        yield Difference("presentation", "the person's answer decides")
    else:
        yield Difference("presentation", f"the award is {award.state}: nothing is left to show")


def _acceptance(line: AwardLine, award: AwardRow) -> Iterator[Difference]:
    if line.accepted_on is not None and award.accepted_on not in (None, line.accepted_on):
        yield Difference("accepted_on", "the first answer stands")
