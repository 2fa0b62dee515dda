"""`badges-server pathways`."""

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import say_json
from badges_server.services.pathways import confirm_condition
from badges_server.services.progressing import list_progress, person_id_of


@click.group("pathways")
def command() -> None:
    """See how far people are; confirm what no badge can show."""


@command.command("progress")
@click.option("--organisation", help="Slug; everybody by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def show(ctx: click.Context, organisation: str | None, *, as_json: bool) -> None:
    """Tell how far everybody is on the pathways they have begun."""
    server = open_server(ctx)
    with server.database.reading() as session:
        lines = list_progress(server, session, organisation)
    if as_json:
        say_json([line.to_json() for line in lines])
        return
    for line in lines:
        click.echo(f"{line.organisation}  {line.recipient_ref}  {line.pathway}  {line.progress}")


@command.command("confirm")
@click.argument("organisation")
@click.argument("recipient_ref")
@click.argument("pathway")
@click.argument("kind", type=click.Choice(["observation_in_establishment", "company_endorsement"]))
@click.option("--by", "confirmed_by", required=True, help="Staff reference that answers for it; kept in the audit.")
@click.pass_context
def confirm(
    ctx: click.Context, organisation: str, recipient_ref: str, pathway: str, kind: str, confirmed_by: str
) -> None:
    """Confirm that a person met a condition of PATHWAY (its slug, such as par-1)."""
    server = open_server(ctx)
    with server.database.reading() as session:
        person_id = person_id_of(server, session, organisation, recipient_ref)
    opened = confirm_condition(server, person_id, pathway, kind, confirmed_by=confirmed_by)
    click.echo(f"confirmed; {len(opened)} milestone offered" if opened else "confirmed")
