"""`badges-server network`."""

from pathlib import Path

import click

from badges_server.cli.opening import open_server
from badges_server.services.endorsing import endorse_achievements, endorse_members
from badges_server.services.recording import load_network


@click.group("network")
def command() -> None:
    """Load members, staff and mandates."""


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def load(ctx: click.Context, file: Path) -> None:
    """Load FILE (TOML): members with dated membership and conventions, staff with dated mandates, issuing profiles."""
    server = open_server(ctx)
    click.echo(f"network: {load_network(server, file)}")
    click.echo(f"endorsements: {endorse_members(server) + endorse_achievements(server)} new")
