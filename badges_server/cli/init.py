"""`badges-server init`."""

from pathlib import Path

import click

from badges_server.cli.opening import open_settings, server_of
from badges_server.services.installing import install


@click.command("init")
@click.option(
    "--network",
    "network_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The network's file (default: network.toml here, if there is one).",
)
@click.pass_context
def command(ctx: click.Context, network_file: Path | None) -> None:
    """Prepare database, keys, catalogue and network; may be run again at any time."""
    from badges_server.app import create_app

    settings = open_settings(ctx)
    found = network_file or next((path for path in [Path("network.toml")] if path.is_file()), None)
    result = install(server_of(create_app(settings)), settings.catalogue_dir, found)
    for step in result.steps:
        click.echo(step)
    if not result.has_network:
        click.echo("no network yet: badges-server network load FILE.toml (a sample is examples/network.toml)")
