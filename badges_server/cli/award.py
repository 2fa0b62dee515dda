"""`badges-server award`."""

from pathlib import Path

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import ANSWER_IS_NO, progress_bar, say_json
from badges_server.services.awarding import award_file
from badges_server.services.awarding.csv_file.header import AwardHeaderError
from badges_server.services.awarding.report import AwardReport


@click.command("award")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--issuer", help="Slug of the awarding organisation, when the file has no such column.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--partial", is_flag=True, help="Award the good lines even when others are refused.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, file: Path, issuer: str | None, *, dry_run: bool, partial: bool, as_json: bool) -> None:
    """Award badges from FILE (CSV). The same file twice issues nothing twice.

    Lines with `accepted_on` are signed; the others are offered. A refused line stops everything, unless --partial.
    """
    server = open_server(ctx)
    with file.open("rb") as source, progress_bar("awarding", quiet=as_json) as progress:
        try:
            report = award_file(server, source, issuer=issuer, dry_run=dry_run, partial=partial, progress=progress)
        except AwardHeaderError as error:
            raise click.ClickException(f"{file}, {error}") from error
    if as_json:
        say_json(report.to_json())
    else:
        _print(file, report)
    if report.refused and not partial:
        ctx.exit(ANSWER_IS_NO)


def _print(file: Path, report: AwardReport) -> None:
    for line in report.refused:
        click.echo(f"{file}, line {line.number}: {line.reason}", err=True)
    click.echo(report.summary())
