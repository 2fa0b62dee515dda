"""What must hold after any drill of awarding, each as one named answer."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges_server.credentials.json_text import parse_json_object
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.database import Database
from badges_server.storage.tables import AwardRow, CredentialRow, IntentRow, IssuanceRow, StatusEntryRow


@dataclass(frozen=True)
class Check:
    """One promise, and whether it was kept; `found` says what was counted."""

    name: str
    holds: bool
    found: object


@dataclass(frozen=True)
class Baseline:
    """What was logged and given out before the first award."""

    issuances: int
    entries: int


def baseline(database: Database) -> Baseline:
    with database.reading() as session:
        return Baseline(_count(session, IssuanceRow), _count(session, StatusEntryRow))


def checks_of_awards(database: Database, expected: int, before: Baseline) -> list[Check]:
    """`expected` lines, all accepted, were awarded; what killed the awarding must not show."""
    with database.reading() as session:
        awards = session.scalars(select(AwardRow).where(AwardRow.accepted_on.is_not(None))).all()
        credentials = session.scalars(select(CredentialRow)).all()
        intents = session.scalars(select(IntentRow)).all()
        issued = _count(session, IssuanceRow) - before.issuances
        entries = _count(session, StatusEntryRow) - before.entries
        faults = check_chains(session)
    signed = {award.id for award in awards if award.state == "signed"}
    subjects = [(award.person_id, award.achievement_slug, award.level) for award in awards]
    lost = signed - {row.award_id for row in credentials}
    opened = [intent.credential_id for intent in intents if intent.completed_at is None]
    misplaced = [row.id for row in credentials if not _is_in_its_place(row)]
    return [
        Check("every line is awarded", len(awards) == expected, len(awards)),
        Check("every award is signed", len(signed) == expected, len(signed)),
        Check("no award is there twice", not _doubled(subjects), len(_doubled(subjects))),
        Check("no credential is lost", not lost, len(lost)),
        Check("as many credentials as lines", len(credentials) == expected, len(credentials)),
        Check(
            "no award has two credentials",
            not (twice := _doubled(row.award_id for row in credentials)),
            len(twice),
        ),
        Check("every intent is completed", not opened, len(opened)),
        Check("no intent without its credential", {i.credential_id for i in intents} == {c.id for c in credentials}, 0),
        Check("no status index is used twice", not _doubled(_places(credentials)), len(_doubled(_places(credentials)))),
        Check("every document names its own status index", not misplaced, len(misplaced)),
        Check("an index for each credential", entries >= expected, entries),
        Check("the issuance log holds each credential once", issued == expected, issued),
        Check("audit and issuance chains are whole", faults == [], faults[:5]),
    ]


def _places(credentials: Iterable[CredentialRow]) -> list[tuple[str, int]]:
    return [(row.status_list_id, row.status_index) for row in credentials]


def _is_in_its_place(row: CredentialRow) -> bool:
    status = parse_json_object(row.document or "")["credentialStatus"]
    return (status["statusListIndex"], status["statusListCredential"].rpartition("/")[2]) == (
        str(row.status_index),
        row.status_list_id,
    )


def _doubled(items: Iterable[Hashable]) -> list[Hashable]:
    return [item for item, times in Counter(items).items() if times > 1]


def _count(session: Session, table: type[IssuanceRow | StatusEntryRow]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
