"""What the demo says at its end: links, a QR for a phone, and the badges; or the same as JSON."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import qrcode

from badges_server.credentials.addresses import Addresses
from badges_server.services.listing import ListedAward


@dataclass(frozen=True)
class Summary:
    """The demo's result.

    Attributes:
        worker_link: where a person who was offered a badge answers, once.
        failures: what did not verify; empty, or the demo has failed.
    """

    addresses: Addresses
    directory: Path
    awards: Sequence[ListedAward]
    worker_link: str | None
    failures: Sequence[str]

    @property
    def verify_link(self) -> str | None:
        """The verification page of a valid, neutral badge."""
        codes = [a.code for a in self.awards if a.state == "signed" and a.presentation == "neutral" and a.code]
        return self.addresses.verification_page(codes[0]) if codes else None

    def to_json(self) -> dict[str, object]:
        """The object of interface.md, `demo --once --json`; `links` are null where a page does not exist yet."""
        fields = ("id", "code", "achievement", "recipient_ref", "issuer", "presentation", "state")
        return {
            "base_url": self.addresses.base_url,
            "data_dir": str(self.directory.resolve()),
            "links": {"supervisor": None, "worker": self.worker_link, "verify": self.verify_link},
            "credentials": [{name: getattr(a, name) for name in fields} for a in self.awards if a.id],
        }


def print_summary(summary: Summary) -> None:
    """Print the summary for a person at a terminal."""
    counts = Counter(award.state for award in summary.awards)
    click.echo("\nawards: " + ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    if summary.failures:
        click.echo("\n".join(["NOT verified:", *summary.failures]))
    else:
        click.echo("every signed badge verifies, as a stranger would check it")
    click.echo(f"data: {summary.directory} (badges-server serve --data-dir {summary.directory})\n")
    _print_examples(summary)
    click.echo(f"  employer   {summary.verify_link}")
    click.echo(f"  worker     {summary.worker_link}  (accept or decline, once)")
    if summary.verify_link:
        click.echo(_qr(summary.verify_link))


def _print_examples(summary: Summary) -> None:
    click.echo(f"  home       {summary.addresses.home()}")
    for state in ("revoked", "expired"):
        codes = [a.code for a in summary.awards if a.state == state and a.code]
        if codes:
            click.echo(f"  {state:10} {summary.addresses.verification_page(codes[0])}")


def _qr(url: str) -> str:
    code = qrcode.QRCode(border=2)
    code.add_data(url)
    text = io.StringIO()
    code.print_ascii(out=text, invert=True)
    return text.getvalue()
