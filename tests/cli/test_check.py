"""`init` may be run again at any time; `check` finds what is wrong with an installation, and changes nothing."""

from pathlib import Path

import pytest

from badges_server.settings import KNOWN
from tests.cli.running import EXAMPLES, INSTALLED, Deployment, connect
from tests.services.awarding.files import csv_of

QUESTIONS = [
    "settings", "database", "people's keys", "signing keys", "catalogue", "recognised issuers", "clock", "audit", "disk"
]  # fmt: skip


def bad(deployment: Deployment) -> dict[str, str]:
    """What `check` finds bad; its exit code fits, and its two forms say the same."""
    ran = deployment.run("check", "--json")
    found = ran.json
    shown = deployment.run("check")
    wrong = {one["what"]: one["detail"] for one in found if not one["good"]}
    assert ran.code == shown.code == (1 if wrong else 0)
    lines = shown.out.partition("settings:\n")[0].splitlines()
    assert [line[:3] for line in lines] == ["ok " if one["good"] else "BAD" for one in found]
    assert all(f"{one['what']}: " in line for one, line in zip(found, lines, strict=True))
    return wrong


def test_init_again_changes_nothing(anywhere: Deployment) -> None:
    before = anywhere.kept()

    again = anywhere.run("init", "--network", EXAMPLES / "network.toml")

    assert again.code == 0
    assert again.out.splitlines()[0] == "database: up to date"
    assert again.out.splitlines()[1] == "catalogue: 0 added, 0 changed, 50 unchanged"
    assert again.out.splitlines()[3:] == ["endorsements: 0 new", "awards left open by an earlier run: 0 finished"]
    assert anywhere.kept() == before


def test_init_finds_the_network_file_beside_it(empty: Deployment) -> None:
    empty.file("network.toml", (EXAMPLES / "network.toml").read_bytes())

    ran = empty.run("init")

    assert ran.code == 0
    assert ran.out.splitlines()[2].startswith("network: ")
    assert len(empty.query("SELECT slug FROM profiles")) == 6
    assert bad(empty) == {}


def test_two_inits_at_once_do_no_harm(empty: Deployment) -> None:
    network = EXAMPLES / "network.toml"
    command = f"'{INSTALLED}' init --network '{network}'"

    ran = empty.run_program(["sh", "-c", f"{command} & {command}; first=$?; wait $!; echo $first $?"])

    assert ran.out.splitlines()[-1] == "0 0", ran.err
    assert len(empty.run("keys", "list").out.splitlines()) == 10
    assert bad(empty) == {}


def test_a_good_installation(deployment: Deployment) -> None:
    before = deployment.kept()

    ran = deployment.run("check", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert [one["what"] for one in ran.json] == [*QUESTIONS, "network host"]
    assert ran.json[-1]["detail"].startswith("warning: neutral and named issuers share one host")
    assert all(list(one) == ["what", "good", "detail"] for one in ran.json)
    assert bad(deployment) == {}
    shown = deployment.run("check").out
    for name in KNOWN:
        assert f"  {name}: " in shown
    assert deployment.kept() == before


def test_nothing_installed_yet(empty: Deployment) -> None:
    wrong = bad(empty)

    assert wrong["database"] == "no schema, or an old one: run badges-server init"
    assert set(wrong) == {"database", "people's keys", "clock", "audit"}
    assert sorted(path.name for path in empty.folder.iterdir()) == [".streams", "passphrase"]


def test_a_missing_setting(deployment: Deployment) -> None:
    found = bad(deployment.with_settings(secret_key=None))

    assert list(found) == ["settings"]
    assert found["settings"].startswith("BADGES_SECRET_KEY is missing")


def test_keys_that_others_may_read(deployment: Deployment) -> None:
    paths = [deployment.keys_dir / "estuaire-interim" / name for name in ("jwt-1.pem", "key-1.pem")]
    for path in paths:
        path.chmod(0o644)

    each = [f"{path}: mode 0644 lets others in: run `chmod 0600 {path}`" for path in paths]
    assert bad(deployment) == {"signing keys": "; ".join(each)}


def test_a_catalogue_that_cannot_be_used(deployment: Deployment, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()

    found = bad(deployment.with_settings(catalogue_dir=str(folder)))

    message = "no class here: one TOML and one SVG for each are expected"
    assert found == {"catalogue": f"{folder}:1: {message}"}


def change_audit(deployment: Deployment, assignment: str) -> None:
    """Edit the last audit entry as somebody with the database file in their hands could."""
    url = deployment.environment["BADGES_DATABASE_URL"]
    connection = connect(url)
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"UPDATE audit SET {assignment} WHERE sequence = (SELECT max(sequence) FROM audit)")  # noqa: S608
    connection.commit()
    connection.close()


def test_a_changed_audit_entry(awarded: Deployment) -> None:
    change_audit(awarded, "actor = 'personne'")
    last = awarded.query("SELECT max(sequence) FROM audit")[0][0]

    assert bad(awarded) == {"audit": f"audit {last}: its content is not what was written"}
    linted = awarded.run("lint", "--all", "--json")
    assert linted.code == 1
    assert linted.json["failures"] == [f"audit {last}: its content is not what was written"]


def test_the_audit_refuses_to_be_changed(deployment: Deployment) -> None:
    connection = connect(deployment.environment["BADGES_DATABASE_URL"])
    with pytest.raises(Exception, match="rows of audit are never changed"):
        connection.execute("UPDATE audit SET actor = 'personne'")
    connection.close()


def test_a_clock_that_runs_behind(deployment: Deployment) -> None:
    change_audit(deployment, "at = '2099-01-01 00:00:00.000000'")

    found = bad(deployment)
    ran = deployment.run("award", deployment.file("equipe.csv", csv_of({})))

    assert found["clock"].endswith("before the last audit entry (2099-01-01 00:00)")
    assert "audit" in found
    assert ran.code == 2
    assert "the clock runs before the last audit entry: set the clock; nothing was issued" in ran.error
    assert deployment.query("SELECT count(*) FROM credentials") == [(0,)]


def test_a_host_name_that_tells_is_warned_of(deployment: Deployment) -> None:
    telling = deployment.with_settings(base_url="https://badges-insertion.example.fr")

    assert bad(telling) == {}
    found = {one["what"]: one["detail"] for one in telling.run("check", "--json").json}
    assert found["host name"].startswith("warning: badges-insertion.example.fr tells about the people (insertion)")
