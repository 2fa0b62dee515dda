"""Status lists: giving out indexes, setting bits, publishing the signed list (Bitstring Status List v1.0).

One series of lists per issuing profile, signed by it. An index is drawn at random and never used twice: its row stays
for ever. A list is opened when the one before is half full, so that drawing stays quick and the crowd large.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from badges_server.credentials import data_integrity
from badges_server.credentials.document import plan_status_list
from badges_server.credentials.entropy import Entropy
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import write_json
from badges_server.credentials.model import StatusPlace
from badges_server.credentials.status_list import MINIMUM_LENGTH, encode
from badges_server.services.profiles import issuer, lock_issuer
from badges_server.services.server import Server
from badges_server.services.signers import active_signer
from badges_server.storage.tables import StatusEntryRow, StatusListRow

# A list that nothing changed is signed again after this time, so that a stranger sees that somebody is at home.
REFRESH_AGE = timedelta(hours=12)

# Rows per statement, well under the number of parameters that both databases accept.
_BATCH = 500


class UnknownStatusListError(BadgeError):
    """No status list has that id."""

    code = "UNKNOWN_STATUS_LIST"


@dataclass(frozen=True)
class PublishedList:
    """A signed list as it is served.

    Attributes:
        text: the exact signed text.
        version: rises with every bit set.
    """

    text: str
    version: int
    signed_at: datetime

    @property
    def etag(self) -> str:
        """Changes with every new signature, and only then."""
        return f"{self.version}-{self.signed_at:%Y%m%d%H%M%S%f}"


def allocate(session: Session, server: Server, issuer_slug: str, count: int) -> list[StatusPlace]:
    """Give out `count` new places in the issuer's lists, in random order.

    Writers of one issuer wait for each other until the caller's transaction ends.

    Raises:
        UnknownIssuerError: no such issuer.
    """
    lock_issuer(session, issuer_slug)
    places: list[StatusPlace] = []
    while len(places) < count:
        row = _open_list(session, server, issuer_slug)
        share = min(count - len(places), row.length // 2 - row.used, _BATCH)
        places += [StatusPlace(row.id, index) for index in _take(session, row, share, server.entropy)]
    return places


def set_bit(session: Session, place: StatusPlace, now: datetime) -> bool:
    """Set the bit of a place; tells whether it was clear until now. There is no way back.

    Raises:
        UnknownStatusListError: the place was never given out.
    """
    entry = (StatusEntryRow.list_id == place.list_id, StatusEntryRow.index == place.index)
    if session.scalar(select(StatusEntryRow.index).where(*entry)) is None:
        raise UnknownStatusListError("no such place in a status list", value=f"{place.list_id}#{place.index}")
    # Conditional, so that of two writers exactly one raises the version.
    changed = session.scalars(
        update(StatusEntryRow)
        .where(*entry, StatusEntryRow.set_at.is_(None))
        .values(set_at=now)
        .returning(StatusEntryRow.index)
        .execution_options(synchronize_session=False)
    ).all()
    if changed:
        session.execute(
            update(StatusListRow)
            .where(StatusListRow.id == place.list_id)
            .values(version=StatusListRow.version + 1)
            .execution_options(synchronize_session=False)
        )
    return bool(changed)


def publish(server: Server, list_id: str) -> PublishedList:
    """Give the list as it must be served now, signed again if a bit changed or the signature has aged.

    Signing happens outside of any transaction; when two processes sign at once, the newer version stays.

    Raises:
        UnknownStatusListError: no such list.
        NoActiveKeyError: it must be signed again and its issuer has no key.
    """
    with server.database.reading() as session:
        row = _row(session, list_id)
        stored = _published(row)
        if stored and stored.version == row.version and server.now() - stored.signed_at < REFRESH_AGE:
            return stored
        fresh = _sign(server, session, row)
    with server.database.transaction() as session:
        _store(session, list_id, fresh)
        row = _row(session, list_id)
        return _published(row) or fresh


def list_ids(session: Session) -> list[str]:
    """List the ids of all status lists."""
    return list(session.scalars(select(StatusListRow.id).order_by(StatusListRow.issuer_slug, StatusListRow.sequence)))


def issuer_of(session: Session, list_id: str) -> str:
    """Look up who signs a list.

    Raises:
        UnknownStatusListError: no such list.
    """
    return _row(session, list_id).issuer_slug


def _open_list(session: Session, server: Server, issuer_slug: str) -> StatusListRow:
    """Look up the list that still has room, or open the next of the series."""
    latest = session.scalar(
        select(StatusListRow)
        .where(StatusListRow.issuer_slug == issuer_slug)
        .order_by(StatusListRow.sequence.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if latest is not None and latest.used < latest.length // 2:
        return latest
    row = StatusListRow(
        id=str(server.entropy.new_uuid()),
        issuer_slug=issuer_slug,
        sequence=latest.sequence + 1 if latest else 1,
        length=MINIMUM_LENGTH,
        used=0,
        version=1,
    )
    session.add(row)
    session.flush()
    return row


def _take(session: Session, row: StatusListRow, count: int, entropy: Entropy) -> list[int]:
    """Draw `count` indexes of a list that nobody has, and keep them."""
    taken: list[int] = []
    while len(taken) < count:
        drawn = _draw(entropy, row.length, count - len(taken), taken)
        known = select(StatusEntryRow.index).where(StatusEntryRow.list_id == row.id, StatusEntryRow.index.in_(drawn))
        used = set(session.scalars(known))
        taken += [index for index in drawn if index not in used]
    session.execute(insert(StatusEntryRow), [{"list_id": row.id, "index": index} for index in taken])
    row.used += count
    session.flush()
    return taken


def _draw(entropy: Entropy, bound: int, count: int, besides: Collection[int]) -> list[int]:
    """Draw `count` different numbers below `bound`, none of them in `besides`."""

    def numbers() -> Iterator[int]:
        seen = set(besides)
        while True:
            number = entropy.below(bound)
            if number not in seen:
                seen.add(number)
                yield number

    return list(islice(numbers(), count))


def _row(session: Session, list_id: str) -> StatusListRow:
    row = session.get(StatusListRow, list_id, populate_existing=True)
    if row is None:
        raise UnknownStatusListError("unknown status list", value=list_id)
    return row


def _published(row: StatusListRow) -> PublishedList | None:
    if row.signed_document is None or row.signed_version is None or row.signed_at is None:
        return None
    return PublishedList(text=row.signed_document, version=row.signed_version, signed_at=row.signed_at)


def _sign(server: Server, session: Session, row: StatusListRow) -> PublishedList:
    """Sign the list as it is. The version was read before the bits: a bit set meanwhile is signed again later."""
    now = server.now()
    bits = select(StatusEntryRow.index).where(StatusEntryRow.list_id == row.id, StatusEntryRow.set_at.is_not(None))
    encoded = encode(session.scalars(bits), row.length)
    of = issuer(session, row.issuer_slug)
    document = plan_status_list(row.id, of, encoded, now, server.addresses)
    signer = active_signer(server, session, row.issuer_slug, "EdDSA")
    secured = data_integrity.secure(document, signer, now)
    return PublishedList(text=write_json(secured), version=row.version, signed_at=now)


def _store(session: Session, list_id: str, fresh: PublishedList) -> None:
    """Keep what was signed, unless somebody already kept a later one."""
    earlier = or_(
        StatusListRow.signed_version.is_(None),
        StatusListRow.signed_version < fresh.version,
        (StatusListRow.signed_version == fresh.version) & (StatusListRow.signed_at < fresh.signed_at),
    )
    session.execute(
        update(StatusListRow)
        .where(StatusListRow.id == list_id, earlier)
        .values(signed_version=fresh.version, signed_document=fresh.text, signed_at=fresh.signed_at)
        .execution_options(synchronize_session=False)
    )
