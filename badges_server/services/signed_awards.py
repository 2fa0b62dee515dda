"""Find the signed award that somebody means, by any of the names that it goes by, and hold it for a change."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.services.awarding.turns import take_turn
from badges_server.storage.tables import AwardRow, CredentialRow


class UnknownCredentialError(BadgeError):
    """Nothing signed goes by that name."""

    code = "UNKNOWN_CREDENTIAL"


def locked_award(session: Session, name: str) -> tuple[AwardRow, CredentialRow]:
    """Look up an award and the credential that was named, and keep others from changing them until the end.

    By code or award's id, the credential is the one that counts now.

    Args:
        session: an open write transaction.
        name: id or URL of a credential, code or URL of its page, or the award's id.

    Raises:
        UnknownCredentialError: there is none, or it was erased.
    """
    credential_id = _credential_id(session, name)
    found = session.get(CredentialRow, credential_id) if credential_id else None
    organisation = (
        session.scalar(select(AwardRow.organisation_slug).where(AwardRow.id == found.award_id)) if found else ""
    )
    if found is None or not organisation:
        raise UnknownCredentialError("no such badge", value=name)
    take_turn(session, [organisation])
    session.expire_all()
    credential = session.get_one(CredentialRow, found.id, with_for_update=True)
    award = session.get_one(AwardRow, credential.award_id, with_for_update=True)
    if "erased" in (award.state, credential.state):
        raise UnknownCredentialError("no such badge", value=name)
    return award, credential


def _credential_id(session: Session, name: str) -> str | None:
    word = name.strip().rstrip("/").rpartition("/")[2].removesuffix(".json")
    if session.get(CredentialRow, word.lower()) is not None:
        return word.lower()
    code = word.upper().replace("-", "").replace(" ", "")
    return session.scalar(select(AwardRow.credential_id).where(or_(AwardRow.id == word.lower(), AwardRow.code == code)))
