"""Signing keys from the command line: their states, what each step writes, and files that others could read."""

import re
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.cli.running import EXAMPLES, Deployment
from tests.services.awarding.files import csv_of

NEUTRAL = "reconnaissance-normandie"
ISSUERS = [
    "coorace-normandie", "coup-de-main-bocage", "estuaire-interim", "les-mains-vertes-du-perche", NEUTRAL
]  # fmt: skip


def states(deployment: Deployment, issuer: str = NEUTRAL) -> dict[str, str]:
    return {key["id"]: key["state"] for key in deployment.run("keys", "list", issuer, "--json").json}


def test_every_issuer_has_its_first_keys_in_private_files(deployment: Deployment) -> None:
    listed = deployment.run("keys", "list", "--json").json

    assert {key["issuer"] for key in listed} == set(ISSUERS)
    assert {(key["id"], key["algorithm"], key["state"]) for key in listed} == {
        ("key-1", "EdDSA", "active"),
        ("jwt-1", "RS256", "active"),
    }
    assert list(listed[0]) == ["issuer", "id", "algorithm", "state", "since"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", listed[0]["since"])
    folders = sorted(deployment.keys_dir.iterdir())
    assert [folder.name for folder in folders] == ISSUERS
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in [deployment.keys_dir, *folders]} == {0o700}
    files = [file for folder in folders for file in folder.iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {file.read_bytes().splitlines()[0] for file in files} == {b"-----BEGIN ENCRYPTED PRIVATE KEY-----"}


def test_the_list_for_people_says_the_same(deployment: Deployment) -> None:
    shown = deployment.run("keys", "list", NEUTRAL).out.splitlines()

    assert [line.split()[:4] for line in shown] == [
        [NEUTRAL, "key-1", "EdDSA", "active"],
        [NEUTRAL, "jwt-1", "RS256", "active"],
    ]


def test_a_new_key_waits(deployment: Deployment) -> None:
    ran = deployment.run("keys", "new", NEUTRAL, "--algorithm", "RS256")

    assert ran.code == 0
    assert ran.out.split()[:4] == [NEUTRAL, "jwt-2", "RS256", "prepared"]
    assert states(deployment) == {"key-1": "active", "jwt-1": "active", "jwt-2": "prepared"}


def test_rotating_publishes_first_and_signs_later(deployment: Deployment) -> None:
    first, again = deployment.run("keys", "rotate", NEUTRAL), deployment.run("keys", "rotate", NEUTRAL)

    assert (first.code, again.code) == (0, 0)
    assert first.out.splitlines()[0].split()[:4] == [NEUTRAL, "key-2", "EdDSA", "published"]
    assert re.fullmatch(r"run this again after [\d-]+ [\d:]+ UTC: then it signs", first.out.splitlines()[1])
    assert again.out == first.out
    assert states(deployment)["key-1"] == "active"


def test_rotating_at_once_signs_with_the_new_key(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}))

    ran = deployment.run("keys", "rotate", NEUTRAL, "--now")

    assert ran.out.split()[:4] == [NEUTRAL, "key-2", "EdDSA", "active"]
    assert states(deployment) == {"key-1": "retired", "key-2": "active", "jwt-1": "active"}
    assert deployment.run("award", file).code == 0
    assert deployment.query("SELECT signing_key_id FROM credentials") == [("key-2",)]
    assert deployment.run("lint", "--all").code == 0


def test_an_issuer_without_an_active_key_signs_nothing(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}))
    assert deployment.run("keys", "compromise", NEUTRAL, "key-1", "--yes").code == 0
    before = deployment.query("SELECT count(*) FROM credentials")

    ran = deployment.run("award", file)

    assert ran.code == 2
    assert NEUTRAL in ran.error
    assert "keys rotate" in ran.error
    assert deployment.query("SELECT count(*) FROM credentials") == before
    assert deployment.run("keys", "rotate", NEUTRAL, "--now").code == 0
    assert deployment.run("award", file).code == 0
    assert len(deployment.query("SELECT id FROM credentials")) == 1


def test_a_compromised_key_names_what_to_sign_again(deployment: Deployment) -> None:
    assert deployment.run("award", deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B"}))).code == 0
    signed = {row[0] for row in deployment.query("SELECT id FROM credentials")}

    ran = deployment.run("keys", "compromise", NEUTRAL, "key-1", "--yes")

    assert ran.code == 0
    assert set(ran.out.split()) == signed
    assert ran.error == "2 to sign again: badges-server reissue ID (after keys rotate)"
    assert states(deployment)["key-1"] == "compromised"
    assert not (deployment.keys_dir / NEUTRAL / "key-1.pem").exists()
    assert deployment.run("lint", "--all").code == 1
    assert deployment.run("keys", "rotate", NEUTRAL, "--now").code == 0
    for one in signed:
        again = deployment.run("reissue", one)
        assert (again.code, again.out[:36]) == (0, one)
    assert deployment.run("lint", "--all").out == "2 checked, 0 failures\n"


def test_a_compromise_is_asked_for_twice(deployment: Deployment) -> None:
    before = deployment.kept()

    no, silence = (deployment.run("keys", "compromise", NEUTRAL, "key-1", stdin=said) for said in (b"n\n", b""))

    assert (no.code, silence.code) == (3, 3)
    assert "stops verifying until it is reissued. Go on? [y/N]" in no.out + no.err
    assert deployment.kept() == before


@pytest.mark.parametrize(("key_id", "kind"), [("key-1", Ed25519PublicKey), ("jwt-1", RSAPublicKey)])
def test_the_public_key_comes_as_pem(deployment: Deployment, key_id: str, kind: type) -> None:
    ran = deployment.run("keys", "export-public", NEUTRAL, key_id)

    assert (ran.code, ran.err) == (0, "")
    assert isinstance(load_pem_public_key(ran.out.encode()), kind)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "personne"], "unknown issuer (personne)"),
        (["new", "personne"], "unknown issuer (personne)"),
        (["rotate", "personne"], "unknown issuer (personne)"),
        (["retire", NEUTRAL, "key-9"], f"unknown key ({NEUTRAL}#key-9)"),
        (["compromise", NEUTRAL, "key-9", "--yes"], f"unknown key ({NEUTRAL}#key-9)"),
        (["export-public", "personne", "key-1"], "unknown key (personne#key-1)"),
    ],
)
def test_what_does_not_exist_is_wrong_use(deployment: Deployment, words: list[str], message: str) -> None:
    before = deployment.kept()

    ran = deployment.run("keys", *words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error == f"badges-server: {message}"
    assert deployment.kept() == before


@pytest.mark.parametrize("step", ["retire", "compromise"])
def test_a_step_that_does_not_follow_is_refused(deployment: Deployment, step: str) -> None:
    words = ["keys", step, NEUTRAL, "key-2", *(["--yes"] if step == "compromise" else [])]
    assert deployment.run("keys", "rotate", NEUTRAL).code == 0
    assert deployment.run(*words).code == 0
    before = deployment.kept()

    ran = deployment.run(*words)

    assert ran.code == 2
    assert "key-2" in ran.error
    assert deployment.kept() == before


def test_the_only_key_that_signs_is_not_retired(deployment: Deployment) -> None:
    before = deployment.kept()

    ran = deployment.run("keys", "retire", NEUTRAL, "key-1")

    assert (ran.code, ran.out) == (2, "")
    assert "is the only key that signs EdDSA: run keys rotate" in ran.error
    assert deployment.kept() == before


COMMANDS = [
    ["init"],
    ["network", "load", str(EXAMPLES / "network.toml")],
    ["catalogue", "load"],
    ["catalogue", "list"],
    ["keys", "list"],
    ["keys", "rotate", NEUTRAL],
    ["award", str(EXAMPLES / "team.csv")],
    ["offers", "list"],
    ["offers", "link", "X"],
    ["revoke", "X", "--reason", "error"],
    ["reissue", "X"],
    ["verify", str(EXAMPLES / "team.csv")],
    ["lint", "--all"],
    ["serve", "--port", "1"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_key_that_others_may_read_stops_every_command(deployment: Deployment, words: list[str]) -> None:
    path = deployment.keys_dir / NEUTRAL / "key-1.pem"
    path.chmod(0o644)
    before = deployment.kept()

    ran = deployment.run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error == f"badges-server: {path}: mode 0644 lets others in: run `chmod 0600 {path}`"
    assert deployment.kept() == before


@pytest.mark.parametrize(
    ("place", "mode", "right"), [("key-1.pem", 0o640, "0600"), ("key-1.pem", 0o604, "0600"), ("", 0o755, "0700")]
)
def test_every_wider_mode_is_found(deployment: Deployment, place: str, mode: int, right: str) -> None:
    path = deployment.keys_dir / NEUTRAL / place
    path.chmod(mode)

    ran = deployment.run("keys", "list")

    assert ran.code == 2
    shown = Path(path)
    assert ran.error == f"badges-server: {shown}: mode {mode:04o} lets others in: run `chmod {right} {shown}`"
