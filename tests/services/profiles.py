"""Rows that tests of issuing need, without a whole network."""

from badges_server.services.server import Server
from badges_server.storage.tables import ProfileRow


def add_profiles(server: Server, *kinds_and_slugs: tuple[str, str]) -> None:
    """Record profiles of the given kinds and slugs."""
    with server.database.transaction() as session:
        for kind, slug in kinds_and_slugs:
            row = ProfileRow(
                slug=slug,
                kind=kind,
                name=f"Profil {slug}",
                email=f"contact@{slug}.example",
                url=f"https://{slug}.example/",
                description=f"Le profil {slug}.",
                updated_at=server.now(),
            )
            session.add(row)
