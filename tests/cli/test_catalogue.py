"""The catalogue from the command line: what is wrong in a file is said with its place, and nothing is loaded then."""

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Deployment
from tests.services.awarding.files import csv_of

CLASSES = 46
PATHWAYS = 4


@pytest.fixture
def folder(deployment: Deployment) -> Path:
    """A copy of the catalogue that the test may change; the one that `BADGES_CATALOGUE_DIR` names here."""
    copy = deployment.folder / "badge_classes"
    shutil.copytree(ROOT / "badge_classes", copy)
    return copy


@pytest.fixture
def own(deployment: Deployment, folder: Path) -> Deployment:
    return deployment.with_settings(catalogue_dir=str(folder))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Change the first `old` in a file; give the line it stands on."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def assert_refused(own: Deployment, line: str) -> None:
    """`check` says no, `load` refuses, both with the place; nothing was written."""
    before = own.kept()
    checked, loaded = own.run("catalogue", "check"), own.run("catalogue", "load")
    assert (checked.code, checked.out, checked.error) == (1, "", line)
    assert (loaded.code, loaded.out, loaded.error) == (2, "", f"badges-server: {line}")
    assert own.kept() == before


def test_the_real_catalogue_is_good_and_loads_once(own: Deployment) -> None:
    before = own.kept()

    checked, loaded = own.run("catalogue", "check"), own.run("catalogue", "load")

    assert (checked.code, checked.out) == (0, f"{CLASSES} classes and {PATHWAYS} pathways, all good\n")
    assert (loaded.code, loaded.out) == (0, f"catalogue: 0 added, 0 changed, {CLASSES + PATHWAYS} unchanged\n")
    assert own.kept() == before


def test_a_folder_may_be_named(empty: Deployment) -> None:
    """Checking needs neither database nor settings."""
    bare = Deployment(empty.folder, empty.warm, {})

    assert bare.run("catalogue", "check", ROOT / "badge_classes").code == 0
    assert sorted(path.name for path in empty.folder.iterdir()) == [".streams", "passphrase"]


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("tags = ", "etiquettes = ", "etiquettes", "Unknown field."),
        ("min_observations = 2", "min_observation = 2", "evidence_rule.min_observation", "Unknown field."),
        ("levels = [1, 2, 3]", "levels = [1, 2, 9]", "levels.3", "A level is 1, 2 or 3."),
        ("levels = [1, 2, 3]", 'levels = [1, "2", 3]', "levels.2", "Not a whole number: '2'."),
        ('version = "1"', "version = 1", "version", "Not a valid string."),
        (
            "published_on = 2023-09-04",
            'published_on = "hier"',
            "published_on",
            "Not a day: write it like 2026-01-31, without quotes. Got 'hier'.",
        ),
        ('sector = "espaces_verts"', 'sector = "jardin"', "sector", "Unknown sector 'jardin'."),
    ],
)
def test_a_wrong_field_is_named_with_its_line(
    own: Deployment, folder: Path, old: str, new: str, field: str, message: str
) -> None:
    line = change(folder, "ev-02.toml", old, new)

    assert_refused(own, f"{folder}/ev-02.toml:{line}: {field}: {message}")


def test_what_is_no_toml_is_named_with_line_and_column(own: Deployment, folder: Path) -> None:
    line = change(folder, "ev-02.toml", 'version = "1"', 'version = "1')

    ran = own.run("catalogue", "check")

    assert ran.code == 1
    assert re.fullmatch(rf"{folder}/ev-02\.toml:{line}:\d+: not TOML: .+", ran.err.splitlines()[0])
    assert own.run("catalogue", "load").code == 2


def test_a_picture_that_is_missing(own: Deployment, folder: Path) -> None:
    (folder / "ev-02.svg").unlink()

    message = "the class has no picture: an SVG of the same name is expected beside it"
    assert_refused(own, f"{folder}/ev-02.svg:1: {message}")


@pytest.mark.parametrize(
    ("unsafe", "message"),
    [
        ("<script>alert(1)</script>", "an element that a badge may not hold (script)"),
        ('<image href="https://example.com/x.png"/>', "an element that a badge may not hold (image)"),
        ('<rect width="9" height="9" onclick="x()"/>', "an attribute that a badge may not hold (onclick)"),
        (
            '<rect width="9" height="9" fill="url(https://example.com/x)"/>',
            "a value that fill may not have (url(https://example.com/x))",
        ),
    ],
)
def test_a_picture_that_is_not_safe(own: Deployment, folder: Path, unsafe: str, message: str) -> None:
    line = change(folder, "ev-02.svg", "</svg>", f"{unsafe}</svg>")
    before = own.kept()

    checked, loaded = own.run("catalogue", "check"), own.run("catalogue", "load")

    assert (checked.code, loaded.code) == (1, 2)
    assert checked.error.startswith(f"{folder}/ev-02.svg:{line}: not a safe class picture: ")
    assert message in checked.error
    assert loaded.error == f"badges-server: {checked.error}"
    assert own.kept() == before


def test_every_problem_of_every_file_has_its_line(own: Deployment, folder: Path) -> None:
    first = change(folder, "bat-01.toml", "tags = ", "etiquettes = ")
    second = change(folder, "ev-02.toml", "levels = [1, 2, 3]", "levels = [7]")
    third = change(folder, "pathways/par-1.toml", "achievement = ", "achievment = ")

    ran = own.run("catalogue", "load")

    assert ran.code == 2
    lines = ran.err.splitlines()
    assert lines[0] == f"badges-server: {folder}/bat-01.toml:{first}: etiquettes: Unknown field."
    assert lines[1] == f"badges-server: {folder}/ev-02.toml:{second}: levels.1: A level is 1, 2 or 3."
    assert any(re.fullmatch(rf"badges-server: {folder}/pathways/par-1\.toml:{third}: .+", line) for line in lines[2:])


def test_a_class_that_nobody_has_may_change(own: Deployment, folder: Path) -> None:
    change(folder, "ev-02.toml", "haie ou un arbuste", "haie, un arbuste")

    assert own.run("catalogue", "load").out == f"catalogue: 0 added, 1 changed, {CLASSES + PATHWAYS - 1} unchanged\n"
    assert own.run("catalogue", "load").out == f"catalogue: 0 added, 0 changed, {CLASSES + PATHWAYS} unchanged\n"


def test_a_class_that_somebody_has_may_not(own: Deployment, folder: Path) -> None:
    assert own.run("award", own.file("equipe.csv", csv_of({}))).code == 0
    change(folder, "ev-02.toml", "haie ou un arbuste", "haie, un arbuste")
    before = own.kept()

    ran = own.run("catalogue", "load")

    assert ran.code == 2
    assert ran.error.startswith(f"badges-server: {folder}/ev-02.toml:")
    assert "version" in ran.error
    assert own.kept() == before
    change(folder, "ev-02.toml", 'version = "1"', 'version = "2"')
    assert own.run("catalogue", "load").out == f"catalogue: 1 added, 0 changed, {CLASSES + PATHWAYS - 1} unchanged\n"


def test_an_empty_folder_is_no_catalogue(own: Deployment, folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()

    message = f"{folder}:1: no class here: one TOML and one SVG for each are expected"
    assert_refused(own, message)
    assert own.run("init").error == f"badges-server: {message}"


def test_the_list(deployment: Deployment) -> None:
    shown, listed = deployment.run("catalogue", "list"), deployment.run("catalogue", "list", "--json").json

    assert len(listed) == CLASSES
    assert listed[0] == {"code": "BAT-01", "slug": "bat-01", "version": "1", "name": listed[0]["name"]}
    lines = shown.out.splitlines()
    assert [line.split()[0] for line in lines] == [one["code"] for one in listed]
    assert (
        next(line for line in lines if line.startswith("EV-02"))
        == "EV-02    v1   levels 1,2,3  Tailler haies et arbustes"
    )
