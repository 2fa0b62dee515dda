"""Help, wrong use, and the two ways in: `badges-server` and `flask --app badges_server`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from badges_server.cli import COMMANDS, load_command
from tests.cli.running import INSTALLED, Deployment


def every_command() -> Iterator[str]:
    """Each command, and each command of a group, as one writes it."""
    for name in COMMANDS:
        yield name
        command = load_command(name)
        if isinstance(command, click.Group):
            yield from (f"{name} {under}" for under in command.commands)


IMPORTED = """
import atexit, sys
from badges_server.cli import main
atexit.register(lambda: print(sorted({"sqlalchemy", "flask", "cryptography"} & set(sys.modules))))
main()
"""
FLASK = str(INSTALLED.with_name("flask"))


def test_help_lists_every_command(empty: Deployment) -> None:
    for words in ([], ["--help"], ["-h"]):
        ran = empty.run(*words)
        shown = ran.out + ran.err
        assert ran.code == (0 if words else 2)
        assert shown.startswith("Usage: badges-server [OPTIONS] COMMAND [ARGS]...")
        listed = [line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines() if line[2:3].strip()]
        assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", list(every_command()))
def test_every_command_has_help_without_any_setting(empty: Deployment, command: str) -> None:
    ran = Deployment(empty.folder, empty.warm, {}).run(*command.split(), "--help")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: badges-server {command} ")


def test_the_version(empty: Deployment) -> None:
    ran = empty.run("--version")

    assert (ran.code, ran.out) == (0, "badges-server, version 0.1.0\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["decerner"], "No such command 'decerner'. (see badges-server --help)"),
        (["keys", "burn"], "No such command 'burn'. (see badges-server keys --help)"),
        (["award"], "Missing argument 'FILE'. (see badges-server award --help)"),
        (["award", "--forcer"], "No such option '--forcer'. (see badges-server award --help)"),
        (["revoke", "X"], "Missing option '--reason'. Choose from: error, fraud, holder_request, key_compromise,"),
        (
            ["revoke", "X", "--reason", "caprice"],
            "Invalid value for '--reason': 'caprice' is not one of 'error', 'fraud', 'holder_request',",
        ),
        (["lint"], "say --all: nothing less is offered (see badges-server lint --help)"),
        (["demo", "--json"], "--json goes with --once (see badges-server demo --help)"),
        (["demo", "--port", "0"], "Invalid value for '--port': 0 is not in the range 1<=x<=65535."),
        (["serve", "--data-dir", "nulle-part"], "nulle-part holds no settings.toml: make one with badges-server demo"),
        (["verify"], "Missing argument 'SOURCE...'. (see badges-server verify --help)"),
        (
            ["reissue", "X", "--presentation", "named"],
            "--presentation changes the document: it goes with --replace (see badges-server reissue --help)",
        ),
    ],
)
def test_wrong_use_is_one_line_and_2(deployment: Deployment, words: list[str], message: str) -> None:
    ran = deployment.run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error.startswith(f"badges-server: {message}")


def test_the_installed_command_says_the_same(deployment: Deployment) -> None:
    for words in (["--help"], ["keys", "list"], ["decerner"], ["keys", "list", "personne"]):
        installed, forked = deployment.run_installed(*words), deployment.run(*words)
        assert (installed.code, installed.out, installed.err) == (forked.code, forked.out, forked.err)


def test_help_imports_neither_database_nor_web(empty: Deployment) -> None:
    ran = empty.run_program([sys.executable, "-c", IMPORTED, "--help"])

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "[]"


def test_flask_offers_the_same_commands(deployment: Deployment) -> None:
    ran = deployment.run_program([FLASK, "--app", "badges_server", "--help"])

    assert ran.code == 0
    listed = {line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines() if line[2:3].strip()}
    assert listed >= set(COMMANDS)


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        (["init", "--help"], 0, "Usage: flask init [OPTIONS]\n", ""),
        (["catalogue", "list", "--json"], 0, "[{", ""),
        (["revoke", "X", "--reason", "error"], 2, "", "badges-server: no such badge (X)\n"),
    ],
)
def test_flask_runs_them_as_badges_server_does(
    deployment: Deployment, words: list[str], code: int, out: str, err: str
) -> None:
    ran = deployment.run_program([FLASK, "--app", "badges_server", *words])

    assert (ran.code, ran.err) == (code, err)
    assert ran.out.startswith(out)


def test_no_command_leaves_a_trace_beside_the_data(deployment: Deployment) -> None:
    """Everything has its place in the settings: the folder where one stands stays as it is."""
    elsewhere = deployment.file("ailleurs/.keep", "").parent
    before = sorted(Path(deployment.folder).iterdir())
    for words in (["check"], ["keys", "list"], ["lint", "--all"], ["offers", "list"]):
        assert deployment.run(*words).code == 0
    assert sorted(path for path in Path(deployment.folder).iterdir() if path.name != ".streams") == before
    assert [path.name for path in (deployment.folder / elsewhere).iterdir()] == [".keep"]
