"""Settings that are missing or wrong: the setting, what is wrong with it, the remedy; and nothing is made."""

from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, Deployment
from tests.services.awarding.files import csv_of

NEEDED = {
    "base_url": "set it to the public origin of this server, such as https://badges.example.fr",
    "secret_key": "set it to the at least 32 random characters; wraps the people's keys",
    "key_passphrase_file": "set it to the file, mode 0600, with the passphrase of the signing keys",
}
NOT_A_DATABASE = "is no database URL of ours: write sqlite:///FILE or postgresql://USER@HOST/NAME"
NOT_UTF8 = "'utf-8' codec can't decode byte 0xe9 in position"
NOT_AN_ORIGIN = "it must be an origin, such as https://badges.example.fr"


def assert_refused(deployment: Deployment, message: str, *options: str | Path) -> None:
    """`init` says so in one line, and has made nothing."""
    before = names(deployment.folder)
    ran = deployment.run(*options, "init")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.error == f"badges-server: {message}"
    assert names(deployment.folder) == before


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".streams")


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", NEEDED)
def test_what_is_required_is_named_when_it_is_missing(empty: Deployment, name: str, value: str | None) -> None:
    message = f"BADGES_{name.upper()} is missing: {NEEDED[name]}"

    assert_refused(empty.with_settings(**{name: value}), message)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("secret_key", "x" * 31, "BADGES_SECRET_KEY has 31 bytes: at least 32 are needed"),
        (
            "base_url",
            "http://badges.example.fr",
            "BADGES_BASE_URL is 'http://badges.example.fr': plain http is for this machine only; use https",
        ),
        (
            "network_base_url",
            "http://reseau.example.fr",
            "BADGES_NETWORK_BASE_URL is 'http://reseau.example.fr': plain http is for this machine only; use https",
        ),
        ("loopback_peers", "8001,http", "BADGES_LOOPBACK_PEERS: 'http' is not a port"),
        ("loopback_peers", "70000", "BADGES_LOOPBACK_PEERS: '70000' is not a port"),
        ("database_url", "mysql://moi:secret@localhost/badges", f"BADGES_DATABASE_URL {NOT_A_DATABASE}"),
        ("database_url", "badges.db", f"BADGES_DATABASE_URL {NOT_A_DATABASE}"),
        ("database_url", "sqlite:///:memory:", f"BADGES_DATABASE_URL {NOT_A_DATABASE}"),
        ("person_keys_url", "", f"BADGES_PERSON_KEYS_URL {NOT_A_DATABASE}"),
    ],
)
def test_a_wrong_value_is_refused(empty: Deployment, name: str, value: str, message: str) -> None:
    assert_refused(empty.with_settings(**{name: value}), message)


@pytest.mark.parametrize(
    "value",
    [
        "badges.example.fr", "ftp://badges.example.fr", "https://", "https://badges.example.fr/chemin",
        "https://badges.example.fr?x=1", "https://moi:secret@badges.example.fr", "https://badges.example.fr:port",
        "https://badges.example.fr:99999", "https://badges.example.fr:0", "http://[::1", "https://badges example.fr",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(empty: Deployment, value: str) -> None:
    assert_refused(empty.with_settings(base_url=value), f"BADGES_BASE_URL is {value!r}: {NOT_AN_ORIGIN}")


def test_loopback_peers_are_for_a_loopback_base_url_only(empty: Deployment) -> None:
    public = empty.with_settings(base_url="https://badges.example.fr", loopback_peers="8001")

    assert_refused(public, "BADGES_LOOPBACK_PEERS is for trials on one machine: the base URL is not loopback")


@pytest.mark.parametrize(
    "base_url", ["http://localhost:8000", "http://127.0.0.1:8000/", "http://[::1]:8000", "https://badges.example.fr"]
)
def test_the_other_origins_are_welcome(empty: Deployment, base_url: str) -> None:
    ran = empty.with_settings(base_url=base_url).run("check", "--json")

    assert ran.json[0] == {"what": "settings", "good": True, "detail": f"base URL {base_url.rstrip('/')}"}


def test_a_passphrase_file_that_is_not_there(empty: Deployment) -> None:
    (empty.folder / "passphrase").unlink()

    path = empty.folder / "passphrase"
    assert_refused(empty, f"BADGES_KEY_PASSPHRASE_FILE: {path} cannot be read: No such file or directory")


def test_a_passphrase_file_that_others_may_read(empty: Deployment) -> None:
    path = empty.folder / "passphrase"
    path.chmod(0o644)

    assert_refused(empty, f"BADGES_KEY_PASSPHRASE_FILE: {path} has mode 0644; do: chmod 600 {path}")


def test_an_empty_passphrase_file(empty: Deployment) -> None:
    path = empty.folder / "passphrase"
    path.write_bytes(b"\n")

    assert_refused(empty, f"BADGES_KEY_PASSPHRASE_FILE: {path} is empty")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "databse_url = 'sqlite:///x.db'",
            "reglages.toml: field 'databse_url' is not a known setting with a text value",
        ),
        ("loopback_peers = 8001", "reglages.toml: field 'loopback_peers' is not a known setting with a text value"),
        (
            "base_url = ",
            "reglages.toml: cannot be read as TOML: Invalid value (at end of document)",
        ),
        (
            b"base_url = '\xe9'",
            f"reglages.toml: cannot be read as TOML: {NOT_UTF8} 12: invalid continuation byte",
        ),
    ],
)
def test_a_wrong_settings_file_is_refused(empty: Deployment, content: str | bytes, message: str) -> None:
    assert_refused(empty, message, "--settings", empty.file("reglages.toml", content))


def test_a_settings_file_that_is_not_there(empty: Deployment) -> None:
    message = "Invalid value for '--settings': File 'absent.toml' does not exist. (see badges-server --help)"

    assert_refused(empty, message, "--settings", "absent.toml")


def test_recognised_issuers_are_read_strictly(empty: Deployment) -> None:
    listed = empty.with_settings(recognised_issuers=str(empty.folder / "reconnus.toml"))
    sample = (EXAMPLES / "recognised-issuers.toml").read_text(encoding="utf-8")
    empty.file("reconnus.toml", sample.replace("since = 2025", "depuis = 2025"))
    line = sample[: sample.index("since = 2025")].count("\n") + 1

    ran = listed.run("init")

    path = empty.folder / "reconnus.toml"
    assert ran.code == 2
    assert f"badges-server: {path}:{line}: issuers.2.depuis: Unknown field." in ran.err.splitlines()
    assert names(empty.folder) == ["passphrase", "reconnus.toml"]
    empty.file("reconnus.toml", sample)
    found = {one["what"]: one["detail"] for one in listed.run("check", "--json").json}
    assert found["recognised issuers"] == "our own and 2 of others"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("BADGES_BASE_URL\n", ".env, line 1: 'BADGES_BASE_URL' is not a known setting (NAME=value)"),
        ("# le serveur\n\nBASE_URL=x\n", ".env, line 3: 'BASE_URL' is not a known setting (NAME=value)"),
        (
            b"# cl\xe9s\n",
            f".env: cannot be read as UTF-8 text: {NOT_UTF8} 4: invalid continuation byte",
        ),
    ],
)
def test_a_wrong_env_file_is_refused(empty: Deployment, content: str | bytes, message: str) -> None:
    empty.file(".env", content)

    assert_refused(empty, message)


def test_env_then_settings_file_then_environment(empty: Deployment) -> None:
    """Each one overrules the one before it."""
    bare = empty.with_settings(base_url=None, network_base_url=None, secret_key=None)
    secret = empty.environment["BADGES_SECRET_KEY"]
    empty.file(".env", f"# essai\nBADGES_BASE_URL='http://localhost:1'\n\nBADGES_SECRET_KEY = \"{secret}\"\n")
    file = empty.file("reglages.toml", "base_url = 'http://localhost:2'")

    def base_url(deployment: Deployment, *options: str | Path) -> str:
        return str(deployment.run(*options, "check", "--json").json[0]["detail"])

    assert base_url(bare) == "base URL http://localhost:1"
    assert base_url(bare, "--settings", file) == "base URL http://localhost:2"
    assert base_url(empty, "--settings", file) == "base URL http://localhost:8000"


def test_a_wrong_passphrase_signs_nothing_and_loses_nothing(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}))
    before = deployment.kept()
    right = (deployment.folder / "passphrase").read_bytes()
    (deployment.folder / "passphrase").write_bytes(b"another\n")

    wrong = deployment.run("award", file)
    after = deployment.kept()
    (deployment.folder / "passphrase").write_bytes(right)
    then = deployment.run("award", file)

    assert wrong.code == 2
    assert "passphrase" in wrong.error
    # A person's key is made before anything is written under it; nobody's data hangs on this one.
    assert {**after, "person_keys": []} == {**before, "person_keys": []}
    assert (then.code, then.out) == (0, "1 signed\n")
