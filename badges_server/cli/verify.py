"""`badges-server verify`."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from badges_server.cli.opening import open_asker
from badges_server.cli.output import ANSWER_IS_NO, DONE, UNDETERMINED, say_json
from badges_server.credentials.verification import Recipient, Report
from badges_server.fetching.folder import FolderFetcher
from badges_server.services.verifying import verify_bytes, verify_url

EXIT_CODES = {"verified": DONE, "not_verified": ANSWER_IS_NO, "incomplete": UNDETERMINED}
WORDS = {"verified": "verified", "not_verified": "NOT verified", "incomplete": "could not be fully verified"}
SIGNS = {"passed": "ok", "failed": "NO", "unknown": "??", "not_applicable": "-"}


class Moment(click.ParamType[datetime]):
    """A moment with its time zone, such as 2026-05-12T09:00:00Z."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment; without a zone it would mean another one on every machine."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2026-05-12T09:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no time zone: write 2026-05-12T09:00:00Z", param, ctx)
        return moment.astimezone(UTC)


class RecipientType(click.ParamType[Recipient]):
    """Who the badge should belong to, such as emailAddress:a@example.com."""

    name = "TYPE:VALUE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Recipient:
        """Cut at the first colon."""
        kind, separator, text = str(value).partition(":")
        if not (kind and separator and text):
            self.fail(f"{value!r} is not TYPE:VALUE, such as emailAddress:a@example.com", param, ctx)
        return Recipient(kind, text)


@click.command("verify")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--at", type=Moment(), help="Judge at that moment instead of now.")
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work offline: index.json there maps URLs to files; nothing is fetched.",
)
@click.option("--recipient", type=RecipientType(), help="Check that the badge belongs to this person.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source, one a line.")
@click.pass_context
def command(
    ctx: click.Context,
    sources: Sequence[str],
    at: datetime | None,
    documents: Path | None,
    recipient: Recipient | None,
    *,
    as_json: bool,
) -> None:
    """Verify badges: SOURCE is a file (JSON, JWT, PNG or SVG, by content), a URL, or - for standard input.

    Exit code: 0 verified, 1 not verified, 3 could not be fully verified; the worst of several.
    """
    asker = open_asker(ctx)
    fetcher = FolderFetcher(documents) if documents else None

    def judge(source: str) -> Report:
        scheme = urlsplit(source).scheme
        if scheme in {"http", "https"}:
            return verify_url(asker, source, at=at, recipient=recipient, fetcher=fetcher)
        if "://" in source:
            raise click.UsageError(f"{source}: only http and https addresses can be asked, not {scheme}")
        return verify_bytes(asker, _read(source), at=at, recipient=recipient, fetcher=fetcher)

    ctx.exit(_report_all(sources, judge, as_json=as_json))


def _report_all(sources: Sequence[str], judge: Callable[[str], Report], *, as_json: bool) -> int:
    verdicts = set()
    for source in sources:
        report = judge(source)
        verdicts.add(report.verdict)
        if as_json:
            say_json(report.to_json(source))
        else:
            _print(source, report)
    worst = next(verdict for verdict in ("not_verified", "incomplete", "verified") if verdict in verdicts)
    return EXIT_CODES[worst]


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{source}: {error.strerror}") from error


def _print(source: str, report: Report) -> None:
    about = report.credential
    lines = [
        f"{source}: {WORDS[report.verdict]}",
        f"  {report.kind or 'nothing that is known'}: {about.name or '-'}, by {about.issuer_name or '-'}",
    ]
    for finding in report.findings:
        place = f" at {finding.path}" if finding.path and finding.outcome != "passed" else ""
        lines.append(f"  {SIGNS[finding.outcome]:2}  {finding.check:12} {finding.detail}{place}")
    lines += [f"  !   {warning.check:12} {warning.detail}" for warning in report.warnings]
    for line in lines:
        click.echo(_harmless(line))


def _harmless(line: str) -> str:
    """Take out what a stranger's badge could steer a terminal with, or begin a line of its own."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
