"""What a network file would change in the database: worked out whole first, written after.

The file says everything about those whom it names: their conventions and mandates become exactly what it lists. Who is
not in the file stays untouched. An earlier, closed time of membership stays beside a new one.
"""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badges_server.credentials.entropy import Entropy
from badges_server.network.members import Mandate
from badges_server.storage.network_file import MemberEntry, NetworkFile, ProfileEntry, StaffEntry
from badges_server.storage.tables import (
    AchievementRow,
    ConventionRow,
    MandateRow,
    MembershipRow,
    ProfileRow,
    StaffRow,
)


class NetworkChanges:
    """The difference between a network file and the database.

    Attributes:
        problems: why it may not be written; empty when it may.
        added, changed: names of who is new or different.
        unchanged: number of those who are as the file says.
    """

    def __init__(self, session: Session, network: NetworkFile) -> None:
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged = 0
        self._session = session
        self._network = network
        self._find_conflicts()
        self.problems = network.source.problems

    def write(self, now: datetime, entropy: Entropy) -> None:
        """Bring the database to what the file says."""
        self._profile(self._network.network, "network", now)
        self._profile(self._network.recognition, "recognition", now)
        for member in self._network.members:
            self._member(member, now)
        self._session.flush()
        for one in self._network.staff:
            self._staff(one, entropy)
        self._session.flush()

    def _find_conflicts(self) -> None:
        """Find what the file says against what is recorded."""
        kinds = dict(self._session.execute(select(ProfileRow.slug, ProfileRow.kind)).all())
        self._find_kind_conflicts(kinds)
        self._find_number_conflicts()
        classes = set(self._session.scalars(select(AchievementRow.slug)))
        for index, one in enumerate(self._network.staff):
            for position, mandate in enumerate(one.mandates):
                if mandate.achievement is not None and mandate.achievement not in classes:
                    place = ("staff", index, "mandates", position, "achievement")
                    message = f"unknown badge class {mandate.achievement!r} (is the catalogue loaded?)"
                    self._network.source.refuse(place, message)

    def _find_kind_conflicts(self, kinds: dict[str, str]) -> None:
        """A slug keeps its meaning, and there is one network with one neutral profile: their DIDs stand in badges."""
        for kind, entry in (("network", self._network.network), ("recognition", self._network.recognition)):
            others = [slug for slug, known in kinds.items() if known == kind and slug != entry.slug]
            if others or kinds.get(entry.slug, kind) != kind:
                message = (
                    f"the {kind} profile is {', '.join(others) or 'another one'}; its slug stands in signed badges"
                )
                self._network.source.refuse((kind, "slug"), message)
        for index, member in enumerate(self._network.members):
            if kinds.get(member.profile.slug, "member") != "member":
                self._network.source.refuse(("members", index, "slug"), "this slug is not a member's")

    def _find_number_conflicts(self) -> None:
        query = select(ProfileRow.siret, ProfileRow.slug).where(ProfileRow.siret.is_not(None))
        owners = dict(self._session.execute(query).all())
        for index, member in enumerate(self._network.members):
            owner = owners.get(member.profile.siret, member.profile.slug)
            if owner != member.profile.slug:
                self._network.source.refuse(("members", index, "siret"), f"this SIRET is {owner}'s")

    def _note(self, name: str, *, is_new: bool, differs: bool) -> None:
        if is_new:
            self.added.append(name)
        elif differs:
            self.changed.append(name)
        else:
            self.unchanged += 1

    def _profile(self, entry: ProfileEntry, kind: str, now: datetime) -> None:
        is_new, differs = self._write_profile(entry, kind, now)
        self._note(f"{kind} {entry.slug}", is_new=is_new, differs=differs)

    def _write_profile(self, entry: ProfileEntry, kind: str, now: datetime) -> tuple[bool, bool]:
        row = self._session.get(ProfileRow, entry.slug)
        wanted = asdict(entry)
        if row is not None and all(getattr(row, key) == value for key, value in wanted.items()):
            return False, False
        is_new = row is None
        row = row or ProfileRow(slug=entry.slug, kind=kind)
        for key, value in wanted.items():
            setattr(row, key, value)
        row.updated_at = now
        self._session.add(row)
        self._session.flush()
        return is_new, True

    def _member(self, member: MemberEntry, now: datetime) -> None:
        is_new, differs = self._write_profile(member.profile, "member", now)
        differs |= self._write_membership(member)
        differs |= self._write_conventions(member)
        self._note(f"member {member.profile.slug}", is_new=is_new, differs=differs)

    def _write_membership(self, member: MemberEntry) -> bool:
        """Replace what overlaps the file's time of membership; keep what had ended before it."""
        wanted = member.membership
        rows = self._session.scalars(select(MembershipRow).where(MembershipRow.profile_slug == member.profile.slug))
        overlapping = [row for row in rows if row.left_on is None or row.left_on >= wanted.joined_on]
        if [(row.joined_on, row.left_on) for row in overlapping] == [(wanted.joined_on, wanted.left_on)]:
            return False
        for row in overlapping:
            self._session.delete(row)
        self._session.flush()
        times = asdict(wanted)
        self._session.add(MembershipRow(profile_slug=member.profile.slug, **times))
        self._session.flush()
        return True

    def _write_conventions(self, member: MemberEntry) -> bool:
        slug = member.profile.slug
        rows = self._session.scalars(select(ConventionRow).where(ConventionRow.profile_slug == slug)).all()
        stored = {(row.kind, row.starts_on, row.ends_on) for row in rows}
        wanted = {(one.kind, one.starts_on, one.ends_on) for one in member.conventions}
        if stored == wanted:
            return False
        self._session.execute(delete(ConventionRow).where(ConventionRow.profile_slug == slug))
        self._session.expire_all()
        self._session.add_all(
            ConventionRow(profile_slug=slug, kind=kind, starts_on=starts_on, ends_on=ends_on)
            for kind, starts_on, ends_on in sorted(wanted, key=str)
        )
        self._session.flush()
        return True

    def _staff(self, one: StaffEntry, entropy: Entropy) -> None:
        row = self._session.get(StaffRow, one.reference)
        is_new = row is None
        row = row or StaffRow(reference=one.reference)
        differs = not is_new and (row.organisation_slug, row.role, row.left_on) != (
            one.organisation,
            one.role,
            one.left_on,
        )
        row.organisation_slug, row.role, row.left_on = one.organisation, one.role, one.left_on
        self._session.add(row)
        self._session.flush()
        differs |= self._write_mandates(one, entropy)
        self._note(f"staff {one.reference}", is_new=is_new, differs=differs)

    def _write_mandates(self, one: StaffEntry, entropy: Entropy) -> bool:
        rows = self._session.scalars(select(MandateRow).where(MandateRow.staff_reference == one.reference)).all()
        stored = {_dates(row): row for row in rows}
        wanted = {_key(mandate): mandate for mandate in one.mandates}
        for key in stored.keys() - wanted.keys():
            self._session.delete(stored[key])
        for key in sorted(wanted.keys() - stored.keys(), key=str):
            self._session.add(_mandate_row(wanted[key], str(entropy.new_uuid())))
        self._session.flush()
        return stored.keys() != wanted.keys()


_Key = tuple[str, str | None, date, date | None]


def _key(mandate: Mandate) -> _Key:
    return mandate.organisation, mandate.achievement, mandate.valid_from, mandate.valid_until


def _dates(row: MandateRow) -> _Key:
    return row.organisation_slug, row.achievement_slug, row.valid_from, row.valid_until


def _mandate_row(mandate: Mandate, mandate_id: str) -> MandateRow:
    return MandateRow(
        id=mandate_id,
        staff_reference=mandate.staff_reference,
        organisation_slug=mandate.organisation,
        achievement_slug=mandate.achievement,
        valid_from=mandate.valid_from,
        valid_until=mandate.valid_until,
    )
