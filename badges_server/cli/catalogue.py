"""`badges-server catalogue`."""

from pathlib import Path

import click

from badges_server.cli.opening import open_server, open_settings
from badges_server.cli.output import ANSWER_IS_NO, say_json
from badges_server.cli.places import shipped
from badges_server.services.cataloguing import all_achievements, check_catalogue, load_catalogue
from badges_server.storage.catalogue import CatalogueError

FOLDER = click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path), default=None
)


@click.group("catalogue")
def command() -> None:
    """Check, load or list the badge classes."""


@command.command("check")
@FOLDER
@click.pass_context
def check(ctx: click.Context, folder: Path | None) -> None:
    """Read every file of FOLDER (default: badge_classes/) and say what is wrong; needs no settings, no database."""
    try:
        catalogue = check_catalogue(folder or shipped("badge_classes"))
    except CatalogueError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        ctx.exit(ANSWER_IS_NO)
    click.echo(f"{len(catalogue.entries)} classes and {len(catalogue.pathways)} pathways, all good")


@command.command("load")
@FOLDER
@click.pass_context
def load(ctx: click.Context, folder: Path | None) -> None:
    """Load FOLDER (default: the setting) into the database; the same content twice changes nothing."""
    server = open_server(ctx)
    with server.database.transaction() as session:
        report = load_catalogue(server, session, folder or open_settings(ctx).catalogue_dir)
    click.echo(f"catalogue: {report}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """List what is loaded."""
    with open_server(ctx).database.reading() as session:
        achievements = all_achievements(session)
    if as_json:
        say_json([{"code": a.code, "slug": a.slug, "version": a.version, "name": a.name} for a in achievements])
        return
    for a in achievements:
        levels = ",".join(map(str, a.levels)) or "-"
        click.echo(f"{a.code:8} v{a.version:3} levels {levels:6} {a.name}")
