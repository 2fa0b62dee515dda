"""The files of `badge_classes/`: one defect, one problem, at its line; all problems at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from badges_server.storage.catalogue import CatalogueError, read_catalogue
from badges_server.storage.problems import FileProblem

OURS = Path(__file__).resolve().parents[2] / "badge_classes"
Edit = Callable[[str], str]


# What the first pathway asks for, and its milestone: enough to break.
SAMPLE = ("se-01", "se-03", "sec-01", "net-03", "ms-01", "ms-02", "ms-03", "ms-04", "par-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "badge_classes"
    (made / "pathways").mkdir(parents=True)
    for name in (*(f"{slug}.{kind}" for slug in SAMPLE for kind in ("toml", "svg")), "pathways/par-1.toml"):
        shutil.copy(OURS / name, made / name)
    return made


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert text.count(old) >= 1, f"the sample does not hold {old!r}"
        return text.replace(old, new, 1)

    return edit


def problems_of(folder: Path) -> list[FileProblem]:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    return list(caught.value.problems)


def line_with(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def test_our_own_catalogue_is_good() -> None:
    catalogue = read_catalogue(OURS)
    assert len(catalogue.entries) == 46
    assert sum(entry.achievement.milestone for entry in catalogue.entries) == 4
    assert [pathway.slug for pathway in catalogue.pathways] == ["par-1", "par-2", "par-3", "par-4"]
    first = next(entry for entry in catalogue.entries if entry.achievement.slug == "ms-01")
    assert first.achievement.evidence_rule.min_observations == 2
    assert first.picture_svg == (OURS / "ms-01.svg").read_text(encoding="utf-8")
    assert Path(first.file) == OURS / "ms-01.toml"


def test_default_evidence_rule_is_two_observations_and_two_observers_from_level_three(folder: Path) -> None:
    path = folder / "ms-01.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("min_observations = 2\nsecond_observer_from_level = 3\n", ""), encoding="utf-8")
    entry = next(one for one in read_catalogue(folder).entries if one.achievement.slug == "ms-01")
    assert (
        entry.achievement.evidence_rule.min_observations,
        entry.achievement.evidence_rule.second_observer_from_level,
    ) == (2, 3)


CLASS_DEFECTS = [
    pytest.param(replaced("tags = [", "stars = 5\ntags = ["), "stars", "stars", "Unknown field", id="unknown-field"),
    pytest.param(
        replaced("min_observations = 2", "min_obs = 2"),
        "evidence_rule.min_obs",
        "min_obs",
        "Unknown field",
        id="unknown-inner-field",
    ),
    pytest.param(replaced('version = "1"\n', ""), "version", "code", "Missing data", id="missing-field"),
    pytest.param(replaced('version = "1"', "version = 1"), "version", "version", "Not a valid string", id="wrong-type"),
    pytest.param(
        replaced("min_observations = 2", 'min_observations = "2"'),
        "evidence_rule.min_observations",
        "min_observations",
        "Not a whole number",
        id="number-in-quotes",
    ),
    pytest.param(
        replaced("min_observations = 2", "min_observations = true"),
        "evidence_rule.min_observations",
        "min_observations",
        "Not a whole number",
        id="flag-for-number",
    ),
    pytest.param(
        replaced("min_observations = 2", "min_observations = 0"),
        "evidence_rule.min_observations",
        "min_observations",
        "greater than or equal to 1",
        id="no-observation",
    ),
    pytest.param(
        replaced("2023-09-04", '"2023-09-04"'), "published_on", "published_on", "Not a day", id="day-in-quotes"
    ),
    pytest.param(
        replaced("2023-09-04", "2023-09-04T10:00:00"), "published_on", "published_on", "Not a day", id="moment-for-day"
    ),
    pytest.param(
        replaced('sector = "medico_social"', 'sector = "banque"'),
        "sector",
        "sector",
        "Unknown sector 'banque'",
        id="unknown-sector",
    ),
    pytest.param(replaced("levels = [1, 2]", "levels = [1, 4]"), "levels.2", "levels", "1, 2 or 3", id="level-4"),
    pytest.param(replaced("levels = [1, 2]", "levels = [0, 1]"), "levels.1", "levels", "1, 2 or 3", id="level-0"),
    pytest.param(replaced("levels = [1, 2]", "levels = [2, 1]"), "levels", "levels", "lowest first", id="levels-fall"),
    pytest.param(
        replaced("levels = [1, 2]", "levels = []"), "levels", "levels", "only a milestone has none", id="no-level"
    ),
    pytest.param(
        replaced('code = "MS-01"', 'code = "SE-01"'), "code", "code", "ms-01.toml already", id="code-used-twice"
    ),
    pytest.param(replaced('code = "MS-01"', 'code = "ms 01"'), "code", "code", "Only A-Z", id="code-form"),
    pytest.param(replaced('"J1301"', '"Z1301"'), "alignments.1.code", 'code = "Z1301"', "ROME code", id="rome-code"),
    pytest.param(
        replaced('target_type = "ROME"', 'target_type = "RNCP"'),
        "alignments.1.target_type",
        "target_type",
        "Must be one of",
        id="framework",
    ),
    pytest.param(
        replaced('achievement_type = "Competency"', 'achievement_type = "Diploma"'),
        "achievement_type",
        "achievement_type",
        "Must be one of",
        id="diploma",
    ),
    pytest.param(
        replaced('acceptance = "worker"', 'acceptance = "maybe"'),
        "acceptance",
        "acceptance",
        "Must be one of",
        id="acceptance",
    ),
    pytest.param(replaced('tags = ["chambre"', 'tags = [" "'), "tags.1", "tags", "Must not be empty", id="blank"),
    pytest.param(
        replaced('caution = "Aucun', 'caution = "Réservé aux demandeurs d’emploi. Aucun'),
        "caution",
        "caution",
        "demandeurs d’emploi",
        id="forbidden-words",
    ),
    pytest.param(
        replaced('    "Frappe', '    "Vient d’un chantier d’insertion, frappe'),
        "criteria.1",
        "criteria",
        "insertion",
        id="forbidden-words-in-list",
    ),
]


@pytest.mark.parametrize(("edit", "field", "line_start", "message"), CLASS_DEFECTS)
def test_one_defect_of_a_class_is_one_problem_at_its_line(
    folder: Path, edit: Edit, field: str, line_start: str, message: str
) -> None:
    path = folder / "ms-01.toml"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = problems_of(folder)
    # A code that is taken shows at the second of its two files.
    where = folder / "se-01.toml" if "already" in message else path
    assert [(one.file, one.field) for one in found] == [(str(where), field)]
    assert message in found[0].message
    expected = 1 if field == "version" and line_start == "code" else line_with(where, line_start)
    assert found[0].line == expected


def test_flag_is_true_or_false(folder: Path) -> None:
    path = folder / "ms-01.toml"
    path.write_text("retired = 'yes'\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert [str(one) for one in problems_of(folder)] == [f"{path}:1: retired: Not true or false: 'yes'."]


PATHWAY_DEFECTS = [
    pytest.param(
        replaced('achievement = "se-03"', 'achievement = "se-99"'),
        "required.2.achievement",
        "no class 'se-99'",
        id="unknown-component",
    ),
    pytest.param(
        replaced('achievement = "se-03"\nlevel = 2', 'achievement = "se-03"\nlevel = 3'),
        "required.2.achievement",
        "not awarded at level 3 (its levels: 1, 2)",
        id="level-the-class-has-not",
    ),
    pytest.param(
        replaced('achievement = "se-03"', 'achievement = "se-01"'),
        "required.2.achievement",
        "se-01 is asked for twice",
        id="twice",
    ),
    pytest.param(
        replaced('achievement = "se-03"\nlevel = 2', 'achievement = "par-1"'),
        "required.2.achievement",
        "its own milestone",
        id="own-milestone",
    ),
    pytest.param(replaced('"ms-02", ', '"ms-77", '), "choices.1.from.1", "no class 'ms-77'", id="unknown-choice"),
    pytest.param(replaced("count = 1", "count = 3"), "choices.1.count", "More than the 2", id="too-many-to-choose"),
    pytest.param(
        replaced("count = 1", "technical = true\ncount = 1"), "choices.1.from", "either", id="from-and-technical"
    ),
    pytest.param(
        replaced('milestone = "par-1"', 'milestone = "par-9"'), "milestone", "no class 'par-9'", id="milestone-missing"
    ),
    pytest.param(
        replaced('kind = "observation_in_establishment"', 'kind = "moon"'),
        "conditions.1.kind",
        "Must be one of",
        id="condition",
    ),
    pytest.param(
        replaced('kind = "observation_in_establishment"', 'kind = "minimum_span"'),
        "conditions.1.months",
        "needs months",
        id="span-without-months",
    ),
    pytest.param(
        replaced('rome_target = ["J1301"]', 'rome_target = ["J13"]'), "rome_target.1", "ROME code", id="rome-target"
    ),
    pytest.param(replaced("rome_target", "rome_targets"), "rome_targets", "Unknown field", id="unknown-field"),
]


@pytest.mark.parametrize(("edit", "field", "message"), PATHWAY_DEFECTS)
def test_one_defect_of_a_pathway_is_one_problem(folder: Path, edit: Edit, field: str, message: str) -> None:
    path = folder / "pathways" / "par-1.toml"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = problems_of(folder)
    assert [(one.file, one.field) for one in found] == [(str(path), field)]
    assert message in found[0].message


def test_second_pathway_shares_neither_milestone_nor_code(folder: Path) -> None:
    shutil.copy(folder / "pathways" / "par-1.toml", folder / "pathways" / "par-2.toml")
    path = folder / "pathways" / "par-2.toml"
    assert [str(one) for one in problems_of(folder)] == [
        f"{path}:1: code: PAR-1 is the code of par-1.toml already",
        f"{path}:6: milestone: par-1 is the milestone of pathway par-1 already",
    ]


def test_milestone_of_a_pathway_must_be_one(folder: Path) -> None:
    path = folder / "par-1.toml"
    edit = replaced("milestone = true", "")
    path.write_text(edit(path.read_text("utf-8")).replace("levels = []", "levels = [1]"), encoding="utf-8")
    assert [str(one) for one in problems_of(folder)] == [
        f"{folder / 'pathways' / 'par-1.toml'}:6: milestone: par-1 is no milestone: its file needs milestone = true"
    ]


def test_broken_class_is_no_fault_of_the_pathways_that_name_it(folder: Path) -> None:
    path = folder / "se-01.toml"
    path.write_text(replaced("levels = [1, 2]", "levels = [9]")(path.read_text("utf-8")), encoding="utf-8")
    assert [(one.file, one.field) for one in problems_of(folder)] == [(str(path), "levels.1")]


def test_every_problem_of_every_file_is_told_at_once(folder: Path) -> None:
    for name, edit in (
        ("ms-01.toml", replaced("levels = [1, 2]", "levels = [7, 8]")),
        ("se-03.toml", replaced('sector = "transversal"', 'sector = "x"\nsurprise = 1')),
        ("pathways/par-1.toml", replaced('"ms-03"', '"ms-33"')),
    ):
        path = folder / name
        path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "sec-01.svg").unlink()
    found = {(Path(one.file).name, one.field) for one in problems_of(folder)}
    assert found == {
        ("ms-01.toml", "levels.1"),
        ("ms-01.toml", "levels.2"),
        ("se-03.toml", "sector"),
        ("se-03.toml", "surprise"),
        ("par-1.toml", "choices.1.from.2"),
        ("sec-01.svg", ""),
    }


def test_syntax_error_has_line_and_column(folder: Path) -> None:
    path = folder / "ms-01.toml"
    path.write_text(replaced("levels = [1, 2]", "levels = [1, 2")(path.read_text("utf-8")), encoding="utf-8")
    (problem,) = [one for one in problems_of(folder) if one.file == str(path)]
    assert problem.line == line_with(path, "criteria")
    assert problem.column is not None
    assert problem.message.startswith("not TOML: ")


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("ms-01.toml", b'code = "MS-01"\nname = "\xe9"\n', 2, "not UTF-8"),
        ("ms-01.toml", b'code = "MS-01"\nlevels = [1,\n', 3, "not TOML: Invalid value"),
        ("ms-01.svg", b"\xff\xfe", 1, "not UTF-8"),
        ("ms-01.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>\n<script/></svg>", 2, "not a safe class picture"),
        ("ms-01.svg", b"not an svg", 1, "not a safe class picture"),
        ("new.svg", b"<svg/>", 1, "new.toml is missing"),
        ("MS_1.toml", b"", 1, "Only a-z, 0-9"),
    ],
)
def test_unreadable_and_stray_files_are_told(folder: Path, name: str, content: bytes, line: int, message: str) -> None:
    path = folder / name
    path.write_bytes(content)
    found = [one for one in problems_of(folder) if one.file == str(path)]
    assert (found[-1].line, message in " ".join(one.message for one in found)) == (line, True)


def test_missing_picture_is_told(folder: Path) -> None:
    (folder / "ms-01.svg").unlink()
    (problem,) = problems_of(folder)
    assert str(problem).startswith(f"{folder / 'ms-01.svg'}:1: the class has no picture")


def test_folder_that_is_a_file_where_a_class_should_be(folder: Path) -> None:
    (folder / "odd.toml").mkdir()
    (folder / "ms-01.svg").unlink()
    (folder / "ms-01.svg").mkdir()
    messages = {Path(one.file).name: one.message for one in problems_of(folder) if "read" in one.message}
    assert messages == {"odd.toml": "cannot be read: Is a directory", "ms-01.svg": "cannot be read: Is a directory"}


def test_empty_folder_is_no_catalogue(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)
    assert "no class here" in problem.message
