"""`badges-server offers`."""

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import say_json
from badges_server.services.listing import ListedAward, list_awards
from badges_server.services.offers import new_link


@click.group("offers")
def command() -> None:
    """List what waits for an answer; make one-time links."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """List the awards that can be answered; what is looked at again is in `pathways reviews`."""
    server = open_server(ctx)
    with server.database.reading() as session:
        offered = list_awards(server, session, ["offered"], in_review=False)
    if as_json:
        say_json([award.to_json() for award in offered])
        return
    for award in offered:
        click.echo(_line(award))


@command.command("link")
@click.argument("award_id", metavar="AWARD_ID")
@click.pass_context
def link(ctx: click.Context, award_id: str) -> None:
    """Make a one-time link for AWARD_ID (see `offers list`); hand it to that person only."""
    server = open_server(ctx)
    with server.database.transaction() as session:
        token = new_link(server, session, award_id)
    click.echo(server.addresses.offer(token))


def _line(award: ListedAward) -> str:
    level = f"level {award.level}" if award.level else "-"
    return f"{award.award_id}  {award.organisation}  {award.recipient_ref or '(erased)'}  {award.achievement}  {level}"
