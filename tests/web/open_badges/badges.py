"""One badge and all the addresses that serve it."""

from dataclasses import dataclass

from badges_server.storage.tables import CredentialRow
from tests.web.sample import Sample

NEUTRAL_HOST = "badges.example"
NETWORK_HOST = "reseau.example"
PERSONAL_FORMS = (
    "/credentials/{id}",
    "/credentials/{id}.json",
    "/credentials/{id}.jwt",
    "/credentials/{id}.png",
    "/credentials/{id}.svg",
    "/ob2/assertions/{id}",
    "/ob2/assertions/{id}.json",
    "/ob2/assertions/{id}.jws",
    "/ob2/assertions/{id}.png",
    "/ob2/assertions/{id}.svg",
)


@dataclass(frozen=True)
class Badge:
    """What an address is made of."""

    id: str
    issuer: str
    slug: str
    list_id: str
    list_index: int

    def addresses(self) -> dict[str, str]:
        """Path → media type by default, for everything that leads to or from the badge."""
        return {
            f"/credentials/{self.id}": "application/vc+ld+json",
            f"/credentials/{self.id}.json": "application/vc+ld+json",
            f"/credentials/{self.id}.jwt": "text/plain",
            f"/credentials/{self.id}.png": "image/png",
            f"/credentials/{self.id}.svg": "image/svg+xml",
            f"/achievements/{self.slug}/1": "application/ld+json",
            f"/achievements/{self.slug}/1.json": "application/ld+json",
            f"/achievements/{self.slug}/1.png": "image/png",
            f"/achievements/{self.slug}/1.svg": "image/svg+xml",
            f"/issuers/{self.issuer}": "application/ld+json",
            f"/issuers/{self.issuer}/did.json": "application/json",
            "/.well-known/did.json": "application/json",
            "/.well-known/jwks.json": "application/jwk-set+json",
            f"/status/{self.list_id}": "application/vc+ld+json",
            f"/ob2/assertions/{self.id}": "application/ld+json",
            f"/ob2/assertions/{self.id}.json": "application/ld+json",
            f"/ob2/assertions/{self.id}.jws": "text/plain",
            f"/ob2/assertions/{self.id}.png": "image/png",
            f"/ob2/assertions/{self.id}.svg": "image/svg+xml",
            f"/ob2/badges/{self.issuer}/{self.slug}/1": "application/ld+json",
            f"/ob2/issuers/{self.issuer}": "application/ld+json",
            f"/ob2/keys/{self.issuer}-jwt-1": "application/ld+json",
            f"/ob2/revocations/{self.issuer}": "application/ld+json",
        }


def badge_of(sample: Sample, state: str, presentation: str = "neutral") -> Badge:
    """The first badge in that state that has a level."""
    award = next(one for one in sample.awards(state, presentation) if one.level is not None)
    credential_id = (award.id or "").rpartition("/")[2]
    with sample.server.database.reading() as session:
        row = session.get_one(CredentialRow, credential_id)
        return Badge(row.id, row.issuer_slug, award.achievement, row.status_list_id, row.status_index)
