"""The sample network of `examples/`, awarded, with one badge taken back: what the pages are tried on."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from badges_server.app import create_app
from badges_server.services.awarding import award_file
from badges_server.services.installing import install
from badges_server.services.listing import ListedAward, list_awards
from badges_server.services.offers import new_link
from badges_server.services.revoking import revoke
from badges_server.services.server import Server
from badges_server.settings import Settings
from tests.clock import Clock

ROOT = Path(__file__).resolve().parents[2]
MISTAKEN = "JB-2024-031"


@dataclass(frozen=True)
class Sample:
    app: Flask
    server: Server
    clock: Clock
    settings: Settings

    def awards(self, state: str, presentation: str = "neutral") -> list[ListedAward]:
        with self.server.database.reading() as session:
            listed = list_awards(self.server, session)
        return [award for award in listed if (award.state, award.presentation) == (state, presentation)]

    def code(self, state: str, presentation: str = "neutral", achievement: str | None = None) -> str:
        found = [a for a in self.awards(state, presentation) if achievement in (None, a.achievement)]
        code = found[0].code
        assert code is not None
        return code

    def new_offer(self) -> tuple[str, str]:
        """An offered award's id and the token of a new link to it."""
        award_id = self.awards("offered")[0].award_id
        with self.server.database.transaction() as session:
            return award_id, new_link(self.server, session, award_id)

    def close(self) -> None:
        close(self.app)


def close(app: Flask) -> None:
    server: Server = app.extensions["badges_server"]
    server.database.close()
    server.person_keys.close()


def open_sample(settings: Settings, clock: Clock) -> Sample:
    app = create_app(settings, clock)
    app.testing = True
    return Sample(app, app.extensions["badges_server"], clock, settings)


def build_sample(settings: Settings, clock: Clock) -> Sample:
    sample = open_sample(settings, clock)
    server = sample.server
    install(server, settings.catalogue_dir, ROOT / "examples" / "network.toml")
    with (ROOT / "examples" / "team.csv").open("rb") as source:
        report = award_file(server, source, issuer=None, dry_run=False, partial=False)
    assert not report.refused
    mistaken = [a for a in sample.awards("signed") if a.recipient_ref == MISTAKEN]
    revoke(server, mistaken[0].code or "", reason="error", actor="operator")
    return sample
