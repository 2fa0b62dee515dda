"""Recomputing the hash chains: is everything there, unchanged and in its order."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from badges_server.storage.chain_links import AUDIT, CONTENT, ISSUANCE, ROWS, START, detail_digest, row_hash
from badges_server.storage.tables import AuditDetailRow, AuditRow, ChainHeadRow

_ROWS_AT_A_TIME = 1000


def check_chains(session: Session) -> list[str]:
    """Recompute both chains and every kept audit detail; each fault is one line that says where and what.

    An empty list means: nothing was changed, removed, inserted or reordered since it was written. An erased audit
    detail is no fault: its row keeps the salted digest. Rows cut off the end *together with* a rewritten head show
    only against a copy of an older head, which is what backups keep.
    """
    return [*_check_chain(session, AUDIT), *_check_details(session), *_check_chain(session, ISSUANCE)]


@dataclass
class _Walk:
    """Where a reading of a chain stands."""

    chain: str
    sequence: int = 0
    hash: str = START

    def faults_of(self, row: RowMapping) -> Iterator[str]:
        """Compare the next row with what must come next, and step onto it."""
        found = int(row["sequence"])
        if found <= self.sequence or found < 1:
            yield f"{self.chain} {found}: is not the row that comes next ({self.sequence + 1})"
        elif found != self.sequence + 1:
            yield f"{self.chain} {_span(self.sequence + 1, found - 1)}: missing (the next row is {found})"
        if row["previous_hash"] != self.hash:
            yield f"{self.chain} {found}: does not continue the row before it"
        if row["hash"] != self._expected_hash(row):
            yield f"{self.chain} {found}: its content is not what was written"
        self.sequence, self.hash = found, str(row["hash"])

    def _expected_hash(self, row: RowMapping) -> str:
        content = {name: row[name] for name in CONTENT[self.chain]}
        return row_hash(self.chain, row["sequence"], row["at"], content, row["previous_hash"])


def _check_chain(session: Session, chain: str) -> Iterator[str]:
    table = ROWS[chain].__table__
    walk = _Walk(chain)
    query = select(table).order_by(table.c.sequence)
    try:
        for row in session.execute(query).yield_per(_ROWS_AT_A_TIME).mappings():
            yield from walk.faults_of(row)
    except ValueError as error:
        # SQLite keeps whatever text somebody wrote into a column of moments.
        yield f"{chain}: after {walk.sequence}: a row cannot be read ({error})"
        return
    yield from _check_head(session, walk)


def _check_head(session: Session, walk: _Walk) -> Iterator[str]:
    query = select(ChainHeadRow.sequence, ChainHeadRow.hash).where(ChainHeadRow.name == walk.chain)
    head = session.execute(query).one_or_none()
    if head is None:
        yield f"{walk.chain}: the chain's head is missing"
    elif head.sequence > walk.sequence:
        yield f"{walk.chain} {_span(walk.sequence + 1, head.sequence)}: missing at the end (the head says so)"
    elif head.sequence < walk.sequence:
        yield f"{walk.chain}: the head says {head.sequence} rows, {walk.sequence} are there"
    elif head.hash != walk.hash:
        yield f"{walk.chain}: the head's hash is not that of row {walk.sequence}"


def _check_details(session: Session) -> Iterator[str]:
    query = (
        select(AuditRow.sequence, AuditRow.detail_digest, AuditDetailRow.salt, AuditDetailRow.detail)
        .join(AuditDetailRow, AuditDetailRow.sequence == AuditRow.sequence)
        .order_by(AuditRow.sequence)
    )
    for row in session.execute(query).yield_per(_ROWS_AT_A_TIME):
        if detail_digest(row.salt, row.detail) != row.detail_digest:
            yield f"{AUDIT} {row.sequence}: its detail is not what was written"


def _span(first: int, last: int) -> str:
    return f"{first}" if last <= first else f"{first} to {last}"
