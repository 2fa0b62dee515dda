"""The operator's commands: `badges-server`. Each command is a module here, loaded only when it is called."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import click

from badges_server import __version__

# command → module; the order is the order of a deployment's life.
COMMANDS = {
    "init": "init",
    "network": "network",
    "catalogue": "catalogue",
    "keys": "keys",
    "award": "award",
    "offers": "offers",
    "pathways": "pathways",
    "revoke": "revoke",
    "reissue": "reissue",
    "verify": "verify",
    "lint": "lint",
    "check": "check",
    "serve": "serve",
    "demo": "demo",
}
SUMMARIES = {
    "init": "Prepare database, keys and catalogue; may be run again at any time.",
    "network": "Load members, staff and mandates.",
    "catalogue": "Check, load or list the badge classes.",
    "keys": "Make, rotate, retire or export signing keys.",
    "award": "Award badges from a CSV file.",
    "offers": "List what waits for an answer; make one-time links.",
    "pathways": "See how far people are; confirm what no badge can show.",
    "revoke": "Take a badge back, for good.",
    "reissue": "Sign a badge again, or replace it.",
    "verify": "Verify badges: files, URLs or - for standard input.",
    "lint": "Verify again everything that was ever issued.",
    "check": "Look over settings, database, keys, clock and disk.",
    "serve": "Run the web service.",
    "demo": "Build a sample network, award real badges, serve them.",
}


def load_command(name: str) -> click.Command:
    """Import the module of a command; its attribute `command` is the command."""
    command = import_module(f"badges_server.cli.{COMMANDS[name]}").command
    if not isinstance(command, click.Command):
        raise TypeError(f"badges_server.cli.{COMMANDS[name]}.command is {command!r}")
    return command


def commands() -> Iterator[click.Command]:
    """Every command, as `flask --app badges_server` offers it: with our own errors and exit codes."""
    return (_handed_over(name) for name in COMMANDS)


def _handed_over(name: str) -> click.Command:
    """Make a command that hands all its words to ours, `--help` included, and imports it only then."""
    return click.Command(
        name,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        callback=lambda words: main([name, *words]),
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
        short_help=SUMMARIES[name],
    )


class LazyGroup(click.Group):
    """Loads a command's module when it is called, so that help appears at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module only now."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--settings", "settings_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TOML file."
)
@click.pass_context
def group(ctx: click.Context, settings_file: Path | None) -> None:
    """Open Badges server of a solidarity network.

    Exit codes: 0 yes or done, 1 the answer is no, 2 wrong use, 3 could not be determined.
    """
    ctx.obj = settings_file


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every foreseen error becomes one line on stderr and an exit code."""
    from badges_server.cli.output import run_and_exit

    run_and_exit(group, arguments)
