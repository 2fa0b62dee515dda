"""`network.toml`: the network, its neutral profile, its members and staff with their dates; checked whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.network.members import Convention, Mandate, Membership
from badges_server.storage.catalogue.toml_file import TomlFile, read_toml
from badges_server.storage.network_schemas import NetworkSchema
from badges_server.storage.problems import FileProblem
from badges_server.storage.toml_places import Path as Place

# Start and end of everything that has both, by table.
_PERIODS = (("joined_on", "left_on"), ("starts_on", "ends_on"), ("valid_from", "valid_until"))


class NetworkFileError(BadgeError):
    """The network's file cannot be loaded; carries every problem found in it."""

    code: ClassVar[str] = "NETWORK_FILE"

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class ProfileEntry:
    """A profile as the file describes it."""

    slug: str
    name: str
    email: str
    url: str | None
    description: str
    siret: str | None = None


@dataclass(frozen=True)
class MemberEntry:
    """A member company with its dates.

    Attributes:
        people: how many people it employs in a year, when said.
        sectors: the catalogue's sectors it works in.
    """

    profile: ProfileEntry
    membership: Membership
    conventions: tuple[Convention, ...]
    people: int | None
    sectors: tuple[str, ...]


@dataclass(frozen=True)
class StaffEntry:
    """A member of staff, by reference, with dated mandates for their organisation."""

    reference: str
    organisation: str
    role: str
    left_on: date | None
    mandates: tuple[Mandate, ...]


@dataclass(frozen=True)
class NetworkFile:
    """A whole network, and the file it was read from, for problems that only the database shows."""

    network: ProfileEntry
    recognition: ProfileEntry
    members: tuple[MemberEntry, ...]
    staff: tuple[StaffEntry, ...]
    source: TomlFile


def read_network(path: Path) -> NetworkFile:
    """Read and check `path`.

    Raises:
        NetworkFileError: every problem: syntax, unknown or missing field, wrong type or form, unknown reference.
    """
    file = read_toml(path)
    loaded = file.load(NetworkSchema())
    if loaded is None:
        raise NetworkFileError(file.problems)
    for place, message in _cross_check(loaded):
        file.refuse(place, message)
    if file.problems:
        raise NetworkFileError(file.problems)
    return _network_of(loaded, file)


def _network_of(loaded: Mapping[str, Any], file: TomlFile) -> NetworkFile:
    return NetworkFile(
        network=ProfileEntry(**loaded["network"]),
        recognition=ProfileEntry(**loaded["recognition"]),
        members=tuple(_member_of(entry) for entry in loaded["members"]),
        staff=tuple(_staff_of(entry) for entry in loaded["staff"]),
        source=file,
    )


def _member_of(entry: dict[str, Any]) -> MemberEntry:
    return MemberEntry(
        profile=ProfileEntry(**{key: entry[key] for key in ("slug", "name", "email", "url", "description", "siret")}),
        membership=Membership(entry["joined_on"], entry["left_on"]),
        conventions=tuple(Convention(**convention) for convention in entry["conventions"]),
        people=entry["people"],
        sectors=tuple(entry["sectors"]),
    )


def _staff_of(entry: dict[str, Any]) -> StaffEntry:
    reference, organisation = entry["reference"], entry["organisation"]
    mandates = tuple(
        Mandate(reference, organisation, staff_left_on=entry["left_on"], **mandate) for mandate in entry["mandates"]
    )
    return StaffEntry(reference, organisation, entry["role"], entry["left_on"], mandates)


def _cross_check(loaded: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Find what no single field shows: doubles, ends before starts, unknown references, words that tell."""
    yield from _doubles(_profile_places(loaded), "slug")
    yield from _doubles([(("members", i), member) for i, member in enumerate(loaded["members"])], "siret")
    yield from _doubles([(("staff", i), one) for i, one in enumerate(loaded["staff"])], "reference")
    known = {member["slug"] for member in loaded["members"]} | {loaded["network"]["slug"]}
    for index, one in enumerate(loaded["staff"]):
        if one["organisation"] not in known:
            yield ("staff", index, "organisation"), f"unknown organisation {one['organisation']!r}"
    yield from _backwards(loaded, ())
    yield from _telling_words(loaded)


def _profile_places(loaded: Mapping[str, Any]) -> list[tuple[Place, dict[str, Any]]]:
    members: list[tuple[Place, dict[str, Any]]] = [(("members", i), one) for i, one in enumerate(loaded["members"])]
    return [(("network",), loaded["network"]), (("recognition",), loaded["recognition"]), *members]


def _doubles(entries: Iterable[tuple[Place, dict[str, Any]]], key: str) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for place, entry in entries:
        if entry[key] in seen:
            yield (*place, key), f"{entry[key]!r} is already used above"
        seen.add(entry[key])


def _backwards(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for first, last in _PERIODS:
            if value.get(first) is not None and value.get(last) is not None and value[last] < value[first]:
                yield (*place, last), f"{value[last]} is before {first} {value[first]}"
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _backwards(child, (*place, key))


def _telling_words(loaded: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Find words in the neutral profile that tell what it must not (people.md)."""
    names = [loaded["network"]["name"], *(member["name"] for member in loaded["members"])]
    for key, value in loaded["recognition"].items():
        for word in find_forbidden(str(value or ""), names):
            yield ("recognition", key), f"the neutral profile may not say {word!r}"
