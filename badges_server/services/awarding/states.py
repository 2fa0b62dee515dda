"""The life of an award: which state may follow which (domain.md, section 2.11)."""

from datetime import datetime

from badges_server.credentials.errors import BadgeError
from badges_server.storage.tables import AwardRow

# Nothing is public before `signed`; nothing leads back from an end but to erasure.
FOLLOWERS: dict[str, frozenset[str]] = {
    "draft": frozenset({"observed", "erased"}),
    "observed": frozenset({"offered", "erased"}),
    # Withdrawn after a review, before or after the person's yes.
    "offered": frozenset({"accepted", "declined", "revoked", "erased"}),
    "declined": frozenset({"erased"}),
    "accepted": frozenset({"signed", "revoked", "erased"}),
    "signed": frozenset({"revoked", "expired", "erased"}),
    "expired": frozenset({"revoked", "erased"}),
    "revoked": frozenset({"erased"}),
    "erased": frozenset(),
}


class AwardStateError(BadgeError):
    """An award cannot go from its state to the one asked for."""

    code = "AWARD_STATE"


def advance(award: AwardRow, *states: str, now: datetime) -> None:
    """Take an award through `states`, one after the other.

    Raises:
        AwardStateError: one of the steps is not allowed; the award stays as it was.
    """
    current = award.state
    for state in states:
        if state not in FOLLOWERS[current]:
            raise AwardStateError(f"an award that is {current} cannot become {state}", value=award.id)
        current = state
    award.state, award.changed_at = current, now
