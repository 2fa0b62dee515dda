"""Prepare everything a new deployment needs; harmless to run again."""

from dataclasses import dataclass
from pathlib import Path

from badges_server.services.awarding import sign_pending
from badges_server.services.cataloguing import load_catalogue
from badges_server.services.endorsing import endorse_achievements, endorse_members
from badges_server.services.recording import has_network, load_network
from badges_server.services.server import Server


@dataclass(frozen=True)
class Installation:
    """What stands after an installation.

    Attributes:
        steps: one French-free line per step, for the operator.
        has_network: whether a network is loaded, without which nothing can be awarded.
    """

    steps: tuple[str, ...]
    has_network: bool


def install(server: Server, catalogue_dir: Path, network_file: Path | None) -> Installation:
    """Bring database, catalogue, network, keys and endorsements up to date, and finish what a crash left open."""
    server.database.upgrade()
    server.person_keys.upgrade()
    steps = ["database: up to date"]
    with server.database.transaction() as session:
        steps.append(f"catalogue: {load_catalogue(server, session, catalogue_dir)}")
    if network_file:
        # After the catalogue, because mandates name its classes.
        steps.append(f"network: {load_network(server, network_file)}")
    with server.database.reading() as session:
        loaded = has_network(session)
    if loaded:
        steps.append(f"endorsements: {endorse_members(server) + endorse_achievements(server)} new")
        steps.append(f"awards left open by an earlier run: {sign_pending(server)} finished")
    return Installation(tuple(steps), loaded)
