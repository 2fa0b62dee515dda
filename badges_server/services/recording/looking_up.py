"""Looking up memberships, conventions, mandates and staff, as the network's rules need them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.network.members import Convention, Mandate, Member, Membership
from badges_server.services.profiles import members
from badges_server.storage.tables import ConventionRow, MandateRow, MembershipRow, StaffRow


def membership_of(session: Session, slug: str) -> Member:
    """Look up an organisation's times in the network and its conventions; nobody's are empty."""
    return _members_of(session, [slug])[0]


def all_members(session: Session) -> list[Member]:
    """Look up every organisation that is or was a member, with its dates."""
    return _members_of(session, [one.slug for one in members(session)])


def mandates_of(session: Session, organisation: str) -> list[Mandate]:
    """Look up who may or might observe and award for an organisation, and when."""
    rows = session.execute(
        select(MandateRow, StaffRow.left_on)
        .join(StaffRow, StaffRow.reference == MandateRow.staff_reference)
        .where(MandateRow.organisation_slug == organisation)
        .order_by(MandateRow.staff_reference, MandateRow.valid_from, MandateRow.achievement_slug)
    )
    return [
        Mandate(
            staff_reference=row.staff_reference,
            organisation=row.organisation_slug,
            achievement=row.achievement_slug,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            staff_left_on=left_on,
        )
        for row, left_on in rows
    ]


def staff_of(session: Session, organisation: str | None = None) -> list[str]:
    """List the staff references of an organisation, or of all."""
    query = select(StaffRow.reference).order_by(StaffRow.reference)
    if organisation is not None:
        query = query.where(StaffRow.organisation_slug == organisation)
    return list(session.scalars(query))


def _members_of(session: Session, slugs: Sequence[str]) -> list[Member]:
    times = session.scalars(
        select(MembershipRow).where(MembershipRow.profile_slug.in_(slugs)).order_by(MembershipRow.joined_on)
    ).all()
    conventions = session.scalars(
        select(ConventionRow).where(ConventionRow.profile_slug.in_(slugs)).order_by(ConventionRow.starts_on)
    ).all()
    return [
        Member(
            slug=slug,
            memberships=tuple(Membership(row.joined_on, row.left_on) for row in times if row.profile_slug == slug),
            conventions=tuple(
                Convention(row.kind, row.starts_on, row.ends_on) for row in conventions if row.profile_slug == slug
            ),
        )
        for slug in slugs
    ]
