"""Who belongs to the network, who may issue, who may observe: all of it on a given day (domain.md, section 2.1).

Days are inclusive at both ends: `left_on`, `ends_on` and `valid_until` name the last day that counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Kinds of inclusion company that rest on an agreement with the State, and the kinds that need none.
CONVENTION_KINDS = frozenset({"AI", "ACI", "EI", "ETTI", "EITI", "GEIQ"})
KINDS_WITHOUT_CONVENTION = frozenset({"EBE", "ESS"})


@dataclass(frozen=True)
class Membership:
    """A time in the network.

    Attributes:
        left_on: the last day of membership; none while it lasts.
    """

    joined_on: date
    left_on: date | None = None


@dataclass(frozen=True)
class Convention:
    """An agreement with the State for one kind of activity, or a kind that needs none (EBE, ESS).

    Attributes:
        kind: one of `CONVENTION_KINDS` or `KINDS_WITHOUT_CONVENTION`.
        ends_on: its last day; none while it is open.
    """

    kind: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Mandate:
    """The right of one member of staff to observe and award for one organisation.

    Attributes:
        staff_reference: how the organisation knows the person; never a name.
        organisation: slug of the organisation that the right is for.
        achievement: slug of the only achievement it covers; none: all of them.
        valid_until: its last day; none while it lasts.
        staff_left_on: the last day of the member of staff, who has no mandate after it.
    """

    staff_reference: str
    organisation: str
    achievement: str | None
    valid_from: date
    valid_until: date | None = None
    staff_left_on: date | None = None


@dataclass(frozen=True)
class Member:
    """An organisation with all its dates.

    Attributes:
        people: how many people it employs in a year; 0 when not known.
    """

    slug: str
    memberships: tuple[Membership, ...] = ()
    conventions: tuple[Convention, ...] = ()
    people: int = 0


def is_member_on(member: Member, day: date) -> bool:
    """Tell whether `member` belongs to the network that day."""
    return any(_covers(day, m.joined_on, m.left_on) for m in member.memberships)


def has_convention_on(member: Member, day: date) -> bool:
    """Tell whether at least one convention of `member`, or kind that needs none, counts that day."""
    return any(_covers(day, c.starts_on, c.ends_on) for c in member.conventions)


def may_issue_on(member: Member, day: date) -> bool:
    """Tell whether `member` may award that day: it belongs to the network and holds a convention.

    That it also needs a signing key is the keys' affair.
    """
    return is_member_on(member, day) and has_convention_on(member, day)


def is_staff_with_mandate_on(mandates: Iterable[Mandate], staff_reference: str, day: date) -> bool:
    """Tell whether somebody holds any mandate that day, whatever the achievement."""
    return any(m.staff_reference == staff_reference and _holds_on(m, day) for m in mandates)


def has_mandate_on(mandates: Iterable[Mandate], staff_reference: str, achievement: str, day: date) -> bool:
    """Tell whether somebody may observe `achievement` that day, for the organisation that `mandates` are of."""
    return any(
        m.staff_reference == staff_reference and m.achievement in (None, achievement) and _holds_on(m, day)
        for m in mandates
    )


def active_on(members: Iterable[Member], day: date) -> list[Member]:
    """Look up who belongs that day, in the order given."""
    return [member for member in members if is_member_on(member, day)]


def people_on(members: Iterable[Member], day: date) -> int:
    """Count the people employed by those who belong that day."""
    return sum(member.people for member in active_on(members, day))


def _holds_on(mandate: Mandate, day: date) -> bool:
    if mandate.staff_left_on is not None and day > mandate.staff_left_on:
        return False
    return _covers(day, mandate.valid_from, mandate.valid_until)


def _covers(day: date, first: date, last: date | None) -> bool:
    return first <= day and (last is None or day <= last)
