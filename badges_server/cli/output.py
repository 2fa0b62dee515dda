"""How commands speak: one-line errors with their exit codes, JSON, progress on a terminal and plain lines elsewhere."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import click

from badges_server.credentials.errors import BadgeError
from badges_server.settings import SettingsError

DONE, ANSWER_IS_NO, WRONG_USE, UNDETERMINED = 0, 1, 2, 3

FORESEEN = (BadgeError, SettingsError, click.ClickException, click.Abort, BrokenPipeError)

Progress = Callable[[int, int], None]


def run_and_exit(command: click.Command, arguments: Sequence[str] | None) -> NoReturn:
    """Run `command`; turn every foreseen error into one line and an exit code."""
    try:
        code = command.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except FORESEEN as error:
        click.echo(_message(error), err=True)
        code = _exit_code(error)
    sys.exit(code if isinstance(code, int) else DONE)


def _message(error: BaseException) -> str:
    """One line for each thing that is wrong; a group called without a command shows its help instead."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    return "\n".join(f"badges-server: {' '.join(line.split())}" for line in _lines(error))


def _lines(error: BaseException) -> list[str]:
    """Say what and where; a file's error brings a line for each of its problems."""
    if isinstance(error, click.ClickException):
        hint = f" (see {error.ctx.command_path} --help)" if isinstance(error, click.UsageError) and error.ctx else ""
        return [error.format_message().replace("\n", " ") + hint]
    message = str(error) or "interrupted"
    if isinstance(error, BadgeError) and isinstance(error.value, str) and error.value not in message:
        # The offending value, which is never personal data: it tells which of several arguments is meant.
        message += f" ({error.value})"
    return message.splitlines()


def _exit_code(error: BaseException) -> int:
    if isinstance(error, BadgeError):
        return UNDETERMINED if error.passing else WRONG_USE
    return WRONG_USE if isinstance(error, SettingsError | click.ClickException) else UNDETERMINED


def say_json(value: object) -> None:
    """Print one JSON value on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress_bar(label: str, *, quiet: bool = False) -> Iterator[Progress]:
    """Give a `(done, total)` callback: a bar on a terminal, a plain line each tenth elsewhere, both on stderr."""
    if quiet:
        yield lambda _done, _total: None
    elif sys.stderr.isatty():
        with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:
            yield lambda done, total: _move(bar, done, total)
    else:
        yield _PlainLines(label)


def _move(bar: "click._termui_impl.ProgressBar[int]", done: int, total: int) -> None:
    bar.length = total
    bar.update(done - bar.pos)


class _PlainLines:
    """Says where long work stands, ten times at most."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.said = -1

    def __call__(self, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > self.said:
            self.said = tenth
            click.echo(f"{self.label}: {done}/{total}", err=True)
