"""`badges-server serve`."""

import os
from pathlib import Path

import click

from badges_server.app import create_app
from badges_server.cli.opening import SETTINGS_NAME, open_settings, settings_of_data_dir
from badges_server.cli.serving import LOOPBACK, environment_with, free_addresses, serve
from badges_server.settings import is_loopback


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=None, type=click.IntRange(1, 64), help="Processes (default: one per processor).")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Serve what demo left there.")
@click.option("--host", default=None, help="Address to listen on (default: loopback; 0.0.0.0 in a container).")
@click.pass_context
def command(ctx: click.Context, port: int, workers: int | None, data_dir: Path | None, host: str | None) -> None:
    """Run the web service until it is interrupted."""
    settings = settings_of_data_dir(data_dir) if data_dir else open_settings(ctx)
    create_app(settings)  # refuses here, in one line, what every worker would refuse
    addresses = free_addresses([host] if host else LOOPBACK, port)
    if not host and not is_loopback(settings.base_url):
        click.echo(f"listening on loopback only; a proxy carries {settings.base_url} here, or give --host", err=True)
    click.echo(f"serving {settings.base_url} on port {port}; stop with Ctrl+C", err=True)
    file = ctx.find_root().obj
    environment = environment_with(data_dir / SETTINGS_NAME, alone=True) if data_dir else environment_with(file)
    ctx.exit(serve(addresses, port, workers or os.cpu_count() or 1, environment))
