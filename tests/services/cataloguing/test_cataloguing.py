"""Loading the real catalogue, again and again, changed and awarded; on both databases."""

from datetime import date
from pathlib import Path

import pytest

from badges_server.services import cataloguing
from badges_server.services.cataloguing import UnknownAchievementError, UnknownPathwayError
from badges_server.services.load_report import LoadReport
from badges_server.services.server import Server
from badges_server.storage.catalogue import CatalogueError, read_catalogue
from badges_server.storage.tables import AuditRow, AwardRow, PersonRow
from tests.services.profiles import add_profiles


def load(server: Server, folder: Path) -> LoadReport:
    with server.database.transaction() as session:
        return cataloguing.load_catalogue(server, session, folder)


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def award(server: Server, slug: str, version: str = "1") -> None:
    """Record that somebody was awarded `slug`."""
    now = server.now()
    add_profiles(server, ("member", "atelier"))
    with server.database.transaction() as session:
        session.add(PersonRow(id="p", organisation_slug="atelier", created_at=now))
        session.flush()
        session.add(
            AwardRow(
                id="a",
                idempotency_key="k",
                person_id="p",
                organisation_slug="atelier",
                achievement_slug=slug,
                achievement_version=version,
                level=None,
                presentation="neutral",
                state="signed",
                awarded_on=date(2026, 2, 1),
                created_at=now,
                changed_at=now,
            )
        )


def test_the_whole_catalogue_comes_in_once(server: Server, catalogue_folder: Path) -> None:
    first = load(server, catalogue_folder)
    again = load(server, catalogue_folder)

    assert (len(first.added), len(first.changed), first.unchanged) == (50, 0, 0)
    assert (again.added, again.changed, again.unchanged) == ((), (), 50)
    assert str(again) == "0 added, 0 changed, 50 unchanged"
    with server.database.reading() as session:
        assert session.query(AuditRow).filter(AuditRow.action == "catalogue.add").count() == 50


def test_what_is_looked_up_is_what_the_files_say(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    catalogue = read_catalogue(catalogue_folder)

    with server.database.reading() as session:
        assert set(cataloguing.all_achievements(session)) == {entry.achievement for entry in catalogue.entries}
        assert cataloguing.all_pathways(session) == catalogue.pathways
        assert cataloguing.pathway(session, "par-1") == catalogue.pathways[0]
        for entry in catalogue.entries[:3]:
            one = entry.achievement
            assert cataloguing.achievement(session, one.slug) == one
            assert cataloguing.picture(session, one.slug, one.version) == entry.picture_svg
        assert cataloguing.find_achievement(session, " ms-01 ") == cataloguing.find_achievement(session, "MS-01")


def test_what_is_unknown_is_said(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    with server.database.reading() as session:
        for ask in (
            lambda: cataloguing.achievement(session, "xx-99"),
            lambda: cataloguing.achievement(session, "ms-01", "9"),
            lambda: cataloguing.find_achievement(session, "XX-99"),
            lambda: cataloguing.picture(session, "ms-01", "9"),
        ):
            with pytest.raises(UnknownAchievementError):
                ask()
        with pytest.raises(UnknownPathwayError):
            cataloguing.pathway(session, "par-9")


def test_content_that_nobody_was_awarded_may_change(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    change(catalogue_folder, "ms-01.toml", "Signale toute anomalie", "Signale vite toute anomalie")

    report = load(server, catalogue_folder)

    assert report.changed == ("class ms-01 version 1",)
    with server.database.reading() as session:
        assert "Signale vite" in cataloguing.achievement(session, "ms-01").criteria[2]


def test_content_that_was_awarded_needs_a_new_version(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    award(server, "ms-01")
    change(catalogue_folder, "ms-01.toml", "Signale toute anomalie", "Signale vite toute anomalie")
    change(catalogue_folder, "ms-02.toml", "[evidence_rule]", "retired = true\n[evidence_rule]")

    with pytest.raises(CatalogueError) as caught:
        load(server, catalogue_folder)

    problem = caught.value.problems[0]
    assert len(caught.value.problems) == 1
    assert (problem.file, problem.line, problem.field) == (str(catalogue_folder / "ms-01.toml"), 2, "version")
    assert "needs a new version" in problem.message
    with server.database.reading() as session:
        # Nothing was written, not even what was right.
        assert cataloguing.achievement(session, "ms-02").retired is False


def test_a_changed_picture_is_changed_content(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    award(server, "ms-01")
    change(catalogue_folder, "ms-01.svg", '<g id="level"', '<g  id="level"')

    with pytest.raises(CatalogueError, match="needs a new version"):
        load(server, catalogue_folder)


def test_a_new_version_stands_beside_the_awarded_one(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    award(server, "ms-01")
    change(catalogue_folder, "ms-01.toml", 'version = "1"', 'version = "2"')
    change(catalogue_folder, "ms-01.toml", "Signale toute anomalie", "Signale vite toute anomalie")

    report = load(server, catalogue_folder)

    assert report.added == ("class ms-01 version 2",)
    with server.database.reading() as session:
        assert cataloguing.achievement(session, "ms-01").version == "2"
        assert "Signale toute" in cataloguing.achievement(session, "ms-01", "1").criteria[2]
        assert cataloguing.versions(session, "ms-01") == ["1", "2"]
        assert len(cataloguing.all_versions(session)) == 47
        assert len(cataloguing.all_achievements(session)) == 46


def test_an_awarded_class_may_be_retired_without_a_new_version(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    award(server, "ms-01")
    change(catalogue_folder, "ms-01.toml", "[evidence_rule]", "retired = true\n[evidence_rule]")

    report = load(server, catalogue_folder)

    assert (report.changed, report.unchanged) == (("class ms-01 version 1",), 49)
    with server.database.reading() as session:
        assert cataloguing.achievement(session, "ms-01").retired is True
    assert load(server, catalogue_folder).unchanged == 50


def test_a_pathway_keeps_its_version_while_nobody_reached_it(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    change(catalogue_folder, "pathways/par-1.toml", 'name = "', 'name = "Nouveau : ')
    assert load(server, catalogue_folder).changed == ("pathway par-1 version 1",)

    award(server, "par-1")
    change(catalogue_folder, "pathways/par-1.toml", 'name = "', 'name = "Encore : ')
    with pytest.raises(CatalogueError, match=r"pathways/par-1.toml:\d+: version: its milestone was already awarded"):
        load(server, catalogue_folder)


def test_a_code_cannot_pass_to_another_class(server: Server, catalogue_folder: Path) -> None:
    load(server, catalogue_folder)
    for suffix in ("toml", "svg"):
        (catalogue_folder / f"num-02.{suffix}").rename(catalogue_folder / f"num-09.{suffix}")
    for path in catalogue_folder.glob("pathways/*.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace('"num-02"', '"num-09"'), encoding="utf-8")

    with pytest.raises(CatalogueError, match="NUM-02"):
        load(server, catalogue_folder)


def test_a_wrong_file_is_shown_and_nothing_is_written(server: Server, catalogue_folder: Path) -> None:
    change(catalogue_folder, "ms-01.toml", "[evidence_rule]", "colour = 3\n[evidence_rule]")

    with pytest.raises(CatalogueError, match=r"ms-01.toml:\d+: colour: Unknown field"):
        load(server, catalogue_folder)
    with server.database.reading() as session:
        assert cataloguing.all_achievements(session) == ()
