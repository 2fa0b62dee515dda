"""The network's file from the command line: faults with file, line and field; the same file twice changes nothing."""

from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, Deployment


@pytest.fixture
def file(deployment: Deployment) -> Path:
    return deployment.file("network.toml", (EXAMPLES / "network.toml").read_bytes())


def change(deployment: Deployment, file: Path, old: str, new: str) -> int:
    """Change the first `old`; give its line."""
    text = (deployment.folder / file).read_text(encoding="utf-8")
    assert old in text
    deployment.file(str(file), text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_same_file_again_changes_nothing(deployment: Deployment, file: Path) -> None:
    before = deployment.kept()

    ran = deployment.run("network", "load", file)

    assert ran.code == 0
    added, unchanged = ran.out.splitlines()[0].removeprefix("network: ").split(" added, 0 changed, ")
    assert added == "0"
    assert int(unchanged.removesuffix(" unchanged")) > 10
    assert ran.out.splitlines()[1] == "endorsements: 0 new"
    assert deployment.kept() == before


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("people = 300", "personnes = 300", "members.1.personnes", "Unknown field."),
        ("[recognition]", "[reconnaissance]", "reconnaissance", "Unknown field."),
        ('siret = "834 510 927 00017"', 'siret = "834 510 927 00018"', "members.1.siret", "Not a SIRET:"),
        ("ends_on = 2025-12-31", "ends_on = 2022-12-31", "members.1.conventions.1.ends_on", "2022-12-31 is before"),
        (
            "left_on = 2025-12-31",
            "left_on = 2019-12-31",
            "members.4.left_on",
            "2019-12-31 is before joined_on 2020-02-01",
        ),
        (
            'organisation = "coup-de-main-bocage"',
            'organisation = "coup-de-main"',
            "staff.1.organisation",
            "unknown organisation 'coup-de-main'",
        ),
        ('achievement = "ms-01"', 'achievement = "ms-99"', "staff.4.mandates.1.achievement", "ms-99"),
        ('kind = "AI"', 'kind = "SCOP"', "members.1.conventions.1.kind", "Must be one of:"),
        ("joined_on = 2016-03-01", 'joined_on = "2016"', "members.1.joined_on", "Not a day"),
        (
            'name = "Réseau normand de reconnaissance des compétences"',
            'name = "Réseau normand d’insertion"',
            "recognition.name",
            "the neutral profile may not say 'insertion'",
        ),
    ],
)
def test_a_fault_is_named_with_line_and_field(
    deployment: Deployment, file: Path, old: str, new: str, field: str, message: str
) -> None:
    line = change(deployment, file, old, new)
    before = deployment.kept()

    ran = deployment.run("network", "load", file)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(f"badges-server: network.toml:{line}: {field}: ")
    assert message in ran.err
    assert deployment.kept() == before


def test_two_faults_are_two_lines(deployment: Deployment, file: Path) -> None:
    first = change(deployment, file, "people = 300", "personnes = 300")
    second = change(deployment, file, "people = 160", "personnes = 160")

    ran = deployment.run("network", "load", file)

    assert ran.code == 2
    assert ran.err.splitlines() == [
        f"badges-server: network.toml:{first}: members.1.personnes: Unknown field.",
        f"badges-server: network.toml:{second}: members.3.personnes: Unknown field.",
    ]


def test_what_is_no_toml(deployment: Deployment, file: Path) -> None:
    line = change(deployment, file, "people = 300", "people = ")
    before = deployment.kept()

    ran = deployment.run("network", "load", file)

    assert ran.code == 2
    assert ran.error.startswith(f"badges-server: network.toml:{line}:10: not TOML: ")
    assert deployment.kept() == before


def test_a_new_member_gets_its_keys_and_its_endorsement(deployment: Deployment, file: Path) -> None:
    text = (deployment.folder / file).read_text(encoding="utf-8")
    new = text[text.index('[[members]]\nslug = "estuaire-interim"') : text.index("# Une entreprise qui a quitté")]
    new = new.replace("estuaire-interim", "cap-estran").replace("Estuaire Intérim", "Cap Estran")
    new = new.replace("893 047 159 00015", "732 829 320 00074")
    deployment.file(str(file), text.replace("# ——— Les équipes ———", f"{new}\n# ——— Les équipes ———"))

    ran = deployment.run("network", "load", file)

    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[1] == "endorsements: 1 new"
    states = [(key["id"], key["state"]) for key in deployment.run("keys", "list", "cap-estran", "--json").json]
    assert states == [("key-1", "active"), ("jwt-1", "active")]
    assert {path.name for path in (deployment.keys_dir / "cap-estran").iterdir()} == {"key-1.pem", "jwt-1.pem"}


def test_nothing_can_be_awarded_before_a_network_is_loaded(empty: Deployment) -> None:
    ran = empty.run("init")

    assert ran.code == 0
    saying = "no network yet: badges-server network load FILE.toml (a sample is examples/network.toml)"
    assert ran.out.splitlines()[-1] == saying
    assert empty.run("network", "load", EXAMPLES / "network.toml").code == 0
    assert empty.run("award", EXAMPLES / "team-refused.csv", "--partial").out == "1 signed, 19 refused\n"
