"""`badges-server check`."""

import click

from badges_server.cli.inspecting import Inspection, inspect
from badges_server.cli.opening import open_settings
from badges_server.cli.output import ANSWER_IS_NO, say_json
from badges_server.settings import KNOWN, SettingsError


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Look over settings, database schema, keys' file modes, clock and disk; exit 1 if any is bad."""
    found = _inspect(ctx)
    if as_json:
        say_json([{"what": one.what, "good": one.good, "detail": one.detail} for one in found])
    else:
        for one in found:
            click.echo(f"{'ok ' if one.good else 'BAD'}  {one.what}: {one.detail}")
        click.echo("settings:\n" + "\n".join(f"  {name}: {what}" for name, what in KNOWN.items()))
    if not all(one.good for one in found):
        ctx.exit(ANSWER_IS_NO)


def _inspect(ctx: click.Context) -> list[Inspection]:
    try:
        settings = open_settings(ctx)
    except SettingsError as error:
        return [Inspection("settings", good=False, detail=str(error))]
    return inspect(settings)
