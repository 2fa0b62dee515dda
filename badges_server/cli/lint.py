"""`badges-server lint`."""

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import ANSWER_IS_NO, progress_bar, say_json
from badges_server.services.relinting import lint_all


@click.command("lint")
@click.option("--all", "everything", is_flag=True, help="Every credential ever issued, and the hash chains.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, *, everything: bool, as_json: bool) -> None:
    """Verify again everything that was ever issued."""
    if not everything:
        raise click.UsageError("say --all: nothing less is offered")
    with progress_bar("verifying", quiet=as_json) as progress:
        result = lint_all(open_server(ctx), progress=progress)
    if as_json:
        say_json({"checked": result.checked, "failures": list(result.failures)})
    else:
        click.echo("\n".join([*result.failures, f"{result.checked} checked, {len(result.failures)} failures"]))
    if result.failures:
        ctx.exit(ANSWER_IS_NO)
