"""A machine that fails: no space, a locked database, files that cannot be written. Exit code 3, nothing half done."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Timer

import pytest

from tests.cli.running import INSTALLED, Deployment, connect
from tests.services.awarding.files import csv_of, people

KIBIBYTE = 1024
FULL = "no space left for the database: free disk space or raise the quota, then try again (nothing was half-written)"
BUSY = "the database is busy: another program holds it; try again in a moment"
# Root may write everything, whatever the mode; without these two it is held to modes as everybody is.
WITHOUT_PRIVILEGE = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
if os.geteuid() == 0:
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


@contextmanager
def held(deployment: Deployment, seconds: float | None = None) -> Iterator[None]:
    """Hold the database as another program would, for `seconds` or until the block ends."""
    url = deployment.environment["BADGES_DATABASE_URL"]
    statements = ["BEGIN IMMEDIATE"] if url.startswith("sqlite") else ["BEGIN", "LOCK TABLE awards, chain_heads"]
    with closing(connect(url)) as connection:
        for statement in statements:
            connection.execute(statement)
        release = Timer(seconds, connection.rollback) if seconds else None
        if release:
            release.start()
        yield
        if release:
            release.join()
        else:
            connection.rollback()


def is_intact(deployment: Deployment) -> bool:
    found = deployment.query("PRAGMA integrity_check") + deployment.query("PRAGMA foreign_key_check")
    return found == [("ok",)]


def test_a_full_disk_stops_an_award_and_the_next_run_completes_it(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of(*people(12)))
    stopped = 0
    for largest in (1, 16, 64, 128, 192, 256, 384, 512):
        ran = deployment.run("award", file, "--json", largest=largest * KIBIBYTE)
        if ran.code == 0:
            break
        stopped += 1
        assert ran.code == 3, ran.err
        assert FULL in ran.error
        assert is_intact(deployment)
        assert deployment.run("check").code == 0

    then = deployment.run("award", file, "--json")

    assert stopped >= 3
    assert then.code == 0
    assert deployment.query("SELECT state, count(*) FROM awards GROUP BY state") == [("signed", 12)]
    assert deployment.query("SELECT count(*), count(DISTINCT award_id) FROM credentials") == [(12, 12)]
    assert deployment.run("lint", "--all").out == "12 checked, 0 failures\n"


def test_a_full_disk_is_said_by_the_installed_command_too(deployment: Deployment) -> None:
    deployment.file("equipe.csv", csv_of(*people(3)))

    ran = deployment.run_program(["sh", "-c", f"ulimit -f 64; exec '{INSTALLED}' award equipe.csv"])

    assert ran.code == 3
    assert ran.out == ""
    place = deployment.environment["BADGES_DATABASE_URL"]
    assert ran.error.startswith(f"badges-server: {place}: {FULL}")
    assert is_intact(deployment)
    assert deployment.run("award", "equipe.csv").code == 0


def test_init_on_a_full_disk_can_be_run_again(empty: Deployment) -> None:
    for largest in (1, 64, 256):
        ran = empty.run("init", largest=largest * KIBIBYTE)
        assert ran.code == 3, ran.err
        assert FULL in ran.err.splitlines()[-1]

    assert empty.run("init").code == 0
    assert empty.run("catalogue", "load").out.startswith("catalogue: 0 added, 0 changed, ")


def test_a_locked_database_is_waited_for_then_given_up(anywhere: Deployment) -> None:
    file = anywhere.file("equipe.csv", csv_of({}))
    before = anywhere.kept()
    with held(anywhere):
        start = time.monotonic()
        ran = anywhere.run("award", file, "--json")
        waited = time.monotonic() - start

    assert ran.code == 3
    assert ran.out == ""
    assert BUSY in ran.error
    assert 4 < waited < 20
    after = anywhere.kept()
    assert {**after, "person_keys": []} == {**before, "person_keys": []}
    assert anywhere.run("award", file).code == 0
    assert len(anywhere.kept()["credentials"]) == 1


def test_a_lock_that_goes_away_in_time_is_no_fault(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}))
    with held(deployment, seconds=1):
        ran = deployment.run("award", file)

    assert (ran.code, ran.out) == (0, "1 signed\n")


def test_reading_goes_on_while_another_program_writes(deployment: Deployment) -> None:
    with held(deployment):
        for words in (["keys", "list"], ["offers", "list"], ["catalogue", "list"], ["check"]):
            assert deployment.run(*words).code == 0


def unprivileged(*words: str) -> list[str]:
    return [sys.executable, "-c", WITHOUT_PRIVILEGE, str(INSTALLED), *words]


def test_a_database_file_that_cannot_be_written(deployment: Deployment) -> None:
    deployment.file("equipe.csv", csv_of({}))
    path = deployment.folder / "badges.sqlite3"
    before = deployment.kept()
    path.chmod(0o400)

    reading = deployment.run_program(unprivileged("keys", "list"))
    writing = deployment.run_program(unprivileged("award", "equipe.csv"))
    path.chmod(0o600)

    assert reading.code == 0
    assert writing.code == 3
    assert writing.error.startswith(f"badges-server: sqlite:///{path}: the database cannot be used (")
    assert "readonly" in writing.error
    assert "may be written to" in writing.error
    after = deployment.kept()
    assert {**after, "person_keys": []} == {**before, "person_keys": []}


def test_a_folder_where_no_database_can_be_made(empty: Deployment) -> None:
    locked = empty.folder / "serrure"
    locked.mkdir(mode=0o500)
    closed = empty.with_settings(database_url=f"sqlite:///{locked}/badges.sqlite3")

    ran = closed.run_program(unprivileged("init"))

    assert ran.code == 3
    saying = "the database file cannot be created (Permission denied): check the folder and its owner"
    assert ran.error == f"badges-server: {locked}/badges.sqlite3: {saying}"
    assert list(locked.iterdir()) == []


@pytest.mark.parametrize("words", [["keys", "list"], ["catalogue", "load"], ["lint", "--all"]])
def test_a_database_that_was_never_made(empty: Deployment, words: list[str]) -> None:
    ran = empty.run(*words)

    assert (ran.code, ran.out) == (3, "")
    assert "unable to open database file" in ran.error
    assert "`badges-server init` was run" in ran.error
    assert not (empty.folder / "badges.sqlite3").exists()


def test_a_database_that_is_none(deployment: Deployment) -> None:
    deployment.file("badges.sqlite3", b"this is a letter, not a database\n" * 200)

    ran = deployment.run("keys", "list")

    assert ran.code == 3
    place = deployment.environment["BADGES_DATABASE_URL"]
    assert ran.error.startswith(f"badges-server: {place}: the database cannot be used (")


def test_a_database_without_our_tables(deployment: Deployment) -> None:
    other = deployment.folder / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (text)")

    ran = deployment.with_settings(database_url=f"sqlite:///{other}").run("keys", "list")

    assert ran.code == 3
    assert "`badges-server init` was run" in ran.error


def test_a_server_that_does_not_answer(deployment: Deployment) -> None:
    away = deployment.with_settings(database_url="postgresql://moi:secret@127.0.0.1:1/badges")

    ran = away.run("keys", "list")

    assert ran.code == 3
    assert ran.error.startswith("badges-server: postgresql+psycopg://moi:***@127.0.0.1:1/badges: ")
    assert "secret" not in ran.error
    assert "check that it runs and may be written to, that BADGES_DATABASE_URL is right" in ran.error
