"""`badges-server pathways`."""

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import say_json
from badges_server.services import profiles
from badges_server.services.listing import list_awards
from badges_server.services.pathways import confirm_condition, decide_review
from badges_server.services.progressing import list_progress, person_id_of
from badges_server.services.reviewing import STANDING


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
        if organisation:
            profiles.issuer(session, organisation)
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


@command.command("reviews")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def reviews(ctx: click.Context, *, as_json: bool) -> None:
    """List the milestones to look at again, because a badge that they may lean on was revoked for error."""
    server = open_server(ctx)
    with server.database.reading() as session:
        found = list_awards(server, session, STANDING, in_review=True)
    if as_json:
        say_json([award.to_json() for award in found])
        return
    for award in found:
        who = award.recipient_ref or "(erased)"
        click.echo(f"{award.award_id}  {award.organisation}  {who}  {award.achievement}  {award.state}")


@command.command("review")
@click.argument("award", metavar="AWARD_OR_CODE")
@click.option("--uphold", is_flag=True, help="The milestone stands.")
@click.option("--withdraw", is_flag=True, help="It is taken back: revoked, or no longer offered.")
@click.option("--by", required=True, help="Staff reference of who decides; kept in the audit.")
@click.pass_context
def review(ctx: click.Context, award: str, by: str, *, uphold: bool, withdraw: bool) -> None:
    """Decide on a milestone of `pathways reviews`.

    Without all its badges, only a mandate for the milestone upholds it.
    """
    if uphold == withdraw:
        raise click.UsageError("say --uphold or --withdraw")
    click.echo(str(decide_review(open_server(ctx), award, uphold=uphold, by=by)))
