"""Every fault of a network file is shown with its place, all at once, and nothing is written."""

from pathlib import Path

import pytest

from badges_server.services.recording import NetworkFileError, load_network
from badges_server.services.server import Server
from badges_server.storage.tables import AchievementRow, ProfileRow


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# One fault each: what stands in the file, what it becomes, the field that is named, what is said.
FAULTS = [
    ('role = "supervisor"', 'role = "supervisor"\ncolour = 3', "staff.1.colour", "Unknown field"),
    ('name = "COORACE Normandie"\n', "", "network.name", "Missing data"),
    ("people = 300", 'people = "300"', "members.1.people", "Not a whole number"),
    ("people = 300", "people = -1", "members.1.people", "greater than or equal to 0"),
    ("834 510 927 00017", "123 456 789 01234", "members.1.siret", "Not a SIRET"),
    ("834 510 927 00017", "834 510 927 0001", "members.1.siret", "Not a SIRET"),
    ("879 214 336 00015", "834 510 927 00017", "members.2.siret", "already used"),
    ("joined_on = 2016-03-01", 'joined_on = "2016-03-01"', "members.1.joined_on", "Not a day"),
    ("joined_on = 2016-03-01", "joined_on = 2016-03-01T10:00:00Z", "members.1.joined_on", "Not a day"),
    ("left_on = 2025-12-31", "left_on = 2019-12-31", "members.4.left_on", "is before joined_on 2020-02-01"),
    ('kind = "ETTI"', 'kind = "SARL"', "members.3.conventions.1.kind", "Must be one of"),
    ('slug = "estuaire-interim"', 'slug = "Estuaire Interim"', "members.3.slug", "Only a-z"),
    ('slug = "estuaire-interim"', 'slug = "coorace-normandie"', "members.3.slug", "already used"),
    ('organisation = "coup-de-main-bocage"', 'organisation = "personne"', "staff.1.organisation", "unknown organ"),
    ('reference = "cdm-02"', 'reference = "cdm-01"', "staff.2.reference", "already used"),
    ('reference = "cdm-02"', 'reference = "Claire F."', "staff.2.reference", "Only letters"),
    ('achievement = "ms-01"', 'achievement = "ms-99"', "staff.4.mandates.1.achievement", "unknown badge class"),
    ("valid_until = 2026-06-30", "valid_until = 2024-06-30", "staff.8.mandates.1.valid_until", "is before valid_from"),
    ("contact@reconnaissance-normandie.example", "badges@coorace.example", "recognition.email", "may not say"),
    ("par des badges ce que", "par l'insertion ce que", "recognition.description", "may not say 'insertion'"),
    ('compétences"', "compétences d'Estuaire Intérim\"", "recognition.name", "may not say"),
    ('sectors = ["logistique"', 'sectors = ["logistics"', "members.3.sectors.1", "Unknown sector"),
    ('email = "equipe@estuaire', 'email = "equipe estuaire', "members.3.email", "valid email"),
    ('url = "https://estuaire-interim.example/"', 'url = "ftp://estuaire"', "members.3.url", "valid URL"),
    ("[recognition]", "[recognizing]", "recognition", "Missing data"),
]


@pytest.mark.parametrize(("old", "new", "field", "says"), FAULTS)
def test_one_fault_is_shown_with_its_place(
    sqlite_server: Server, network_path: Path, old: str, new: str, field: str, says: str
) -> None:
    with sqlite_server.database.transaction() as session:
        session.add(AchievementRow(slug="ms-01", code="MS-01", current_version="1", retired=False))
    change(network_path, old, new)

    with pytest.raises(NetworkFileError) as caught:
        load_network(sqlite_server, network_path)

    fault = next(problem for problem in caught.value.problems if problem.field == field)
    assert says in fault.message
    assert fault.file == str(network_path)
    lines = network_path.read_text(encoding="utf-8").splitlines()
    if new and says not in {"Missing data", "is before joined_on 2020-02-01"}:
        assert new.splitlines()[-1].split("=")[0].strip('" []') in lines[fault.line - 1] or new in lines[fault.line - 1]
    with sqlite_server.database.reading() as session:
        assert session.query(ProfileRow).count() == 0


def test_all_faults_are_collected_in_the_order_of_the_lines(sqlite_server: Server, network_path: Path) -> None:
    change(network_path, "people = 300", 'people = "300"')
    change(network_path, "people = 160", 'people = "160"')
    change(network_path, 'role = "partner"', 'role = "Partner Of"')

    with pytest.raises(NetworkFileError) as caught:
        load_network(sqlite_server, network_path)

    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["members.1.people", "members.3.people", "staff.4.role"]
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert lines[0] > 30


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"[network\n", 1, "not TOML"),
        (b"# accents\nname = '\xe9'\n", 2, "not UTF-8"),
        (b"a = 1\na = 2\n", 2, "not TOML"),
    ],
)
def test_a_file_that_is_no_toml_is_said(
    sqlite_server: Server, tmp_path: Path, content: bytes, line: int, says: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    with pytest.raises(NetworkFileError) as caught:
        load_network(sqlite_server, path)
    assert (caught.value.problems[0].line, says in caught.value.problems[0].message) == (line, True)


def test_a_missing_file_is_said(sqlite_server: Server, tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError, match="cannot be read: No such file"):
        load_network(sqlite_server, tmp_path / "nowhere.toml")


def test_a_class_limit_needs_the_catalogue(sqlite_server: Server, network_path: Path) -> None:
    with pytest.raises(NetworkFileError, match="is the catalogue loaded"):
        load_network(sqlite_server, network_path)
