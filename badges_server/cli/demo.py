"""`badges-server demo`: a sample network with real signed badges, made from `examples/`."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from badges_server.app import create_app
from badges_server.cli.demonstration.directory import write_settings
from badges_server.cli.demonstration.summary import Summary, print_summary
from badges_server.cli.opening import SETTINGS_NAME, server_of, settings_of_data_dir
from badges_server.cli.output import ANSWER_IS_NO, Progress, progress_bar, say_json
from badges_server.cli.places import shipped
from badges_server.cli.serving import LOOPBACK, environment_with, free_addresses, serve
from badges_server.services.awarding import award_file
from badges_server.services.installing import install
from badges_server.services.listing import list_awards
from badges_server.services.offers import new_link
from badges_server.services.relinting import lint_all
from badges_server.services.revoking import revoke
from badges_server.services.server import Server

# The person of examples/team.csv whose badge was given by mistake, so that a withdrawn badge can be looked at.
MISTAKEN = "JB-2024-031"


@click.command("demo")
@click.option("--once", is_flag=True, help="Do everything, verify it, print the summary and stop.")
@click.option("--json", "as_json", is_flag=True, help="With --once: one JSON object.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Default: a new one under var/.")
@click.pass_context
def command(ctx: click.Context, *, once: bool, as_json: bool, port: int, data_dir: Path | None) -> None:
    """Build a sample network, award real badges, verify them, print the links and serve them."""
    if as_json and not once:
        raise click.UsageError("--json goes with --once")
    addresses = [] if once else free_addresses(LOOPBACK, port)
    directory = data_dir or _new_directory()
    server = _server(directory, f"http://localhost:{port}")
    summary = _build(server, directory, quiet=as_json)
    if as_json:
        say_json(summary.to_json())
    else:
        print_summary(summary)
    if summary.failures:
        ctx.exit(ANSWER_IS_NO)
    if not once:
        ctx.exit(serve(addresses, port, 2, environment_with(directory / SETTINGS_NAME, alone=True)))


def _new_directory() -> Path:
    Path("var").mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="demo-", dir="var"))


def _server(directory: Path, base_url: str) -> Server:
    """Make the demo's server, or find the one that is there: its badges name the base URL that it was made for."""
    write_settings(directory, base_url)
    settings = settings_of_data_dir(directory)
    if settings.base_url != base_url:
        raise click.UsageError(f"{directory} was made for {settings.base_url}: give that port, or another directory")
    return server_of(create_app(settings))


def _build(server: Server, directory: Path, *, quiet: bool) -> Summary:
    """Install, award, take one badge back, and look at the result as a stranger would."""
    examples = shipped("examples")
    install(server, shipped("badge_classes"), examples / "network.toml")
    with progress_bar("awarding", quiet=quiet) as progress:
        _award(server, examples / "team.csv", progress)
    _take_back(server)
    with progress_bar("verifying", quiet=quiet) as progress:
        failures = lint_all(server, progress=progress).failures
    with server.database.reading() as session:
        awards = list_awards(server, session)
    return Summary(server.addresses, directory, awards, _worker_link(server), failures)


def _award(server: Server, file: Path, progress: Progress | Callable[[int, int], None]) -> None:
    with file.open("rb") as source:
        report = award_file(server, source, issuer=None, dry_run=False, partial=False, progress=progress)
    if report.refused:
        first = report.refused[0]
        raise click.ClickException(f"{file}, line {first.number}: {first.reason}")


def _take_back(server: Server) -> None:
    with server.database.reading() as session:
        mistaken = [a for a in list_awards(server, session, ["signed"]) if a.recipient_ref == MISTAKEN and a.code]
    for award in mistaken:
        revoke(server, award.code or "", reason="error", note="mauvaise personne", actor="demo")


def _worker_link(server: Server) -> str | None:
    with server.database.transaction() as session:
        offered = list_awards(server, session, ["offered"])
        if not offered:
            return None
        return server.addresses.offer(new_link(server, session, offered[0].award_id))
