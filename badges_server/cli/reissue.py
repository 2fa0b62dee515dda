"""`badges-server reissue`."""

import click

from badges_server.cli.opening import open_server
from badges_server.credentials.model import Presentation
from badges_server.services.reissuing import replace, resign


@click.command("reissue")
@click.argument("credential_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--replace", "replaced", is_flag=True, help="New identifier; the old one is withdrawn as superseded.")
@click.option(
    "--presentation", type=click.Choice(["neutral", "named"]), help="With --replace: how the issuer shows itself."
)
@click.pass_context
def command(
    ctx: click.Context, credential_ids: tuple[str, ...], presentation: Presentation | None, *, replaced: bool
) -> None:
    """Sign badges again with the issuer's active key (same identifier), or replace them by new ones."""
    if presentation and not replaced:
        raise click.UsageError("--presentation changes the document: it goes with --replace")
    server = open_server(ctx)
    for credential_id in credential_ids:
        if replaced:
            click.echo(str(replace(server, credential_id, presentation=presentation, actor="operator")))
        else:
            click.echo(str(resign(server, credential_id, actor="operator")))
