"""`badges-server revoke`."""

import click

from badges_server.cli.opening import open_server
from badges_server.services.revoking import REASONS, revoke


@click.command("revoke")
@click.argument("credential_id", metavar="ID")
@click.option("--reason", required=True, type=click.Choice(sorted(REASONS)), help="Kept private.")
@click.option("--note", help="Kept private, encrypted.")
@click.pass_context
def command(ctx: click.Context, credential_id: str, reason: str, note: str | None) -> None:
    """Take the badge ID (identifier, URL or short code) back, for good."""
    outcome = revoke(open_server(ctx), credential_id, reason=reason, note=note, actor="operator")
    click.echo(str(outcome))
