"""Every public URL and identifier, made from the base URL that the operator chose (never from a request)."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Addresses:
    """The public addresses of this server.

    Attributes:
        base_url: origin of neutral pages and credentials, without a final slash.
        network_base_url: origin of the network's pages and of the profiles of named issuers.
    """

    base_url: str
    network_base_url: str

    def home(self) -> str:
        """The front page."""
        return f"{self.base_url}/"

    def verification_page(self, code: str) -> str:
        """What a QR code points to."""
        return f"{self.base_url}/v/{code}"

    def offer(self, token: str) -> str:
        """The one-time page where a person accepts or declines."""
        return f"{self.base_url}/mes-badges/offre/{token}"

    def credential(self, credential_id: str) -> str:
        """The `id` of an OB 3.0 credential, which also serves it."""
        return f"{self.base_url}/credentials/{credential_id}"

    def achievement(self, slug: str, version: str) -> str:
        """The `id` of an achievement."""
        return f"{self.base_url}/achievements/{slug}/{version}"

    def achievement_level(self, slug: str, version: str, level: int) -> str:
        """The `id` of a RubricCriterionLevel of an achievement."""
        return f"{self.achievement(slug, version)}#niveau-{level}"

    def achievement_result(self, slug: str, version: str) -> str:
        """The `id` of the ResultDescription that holds an achievement's levels."""
        return f"{self.achievement(slug, version)}#niveau"

    def issuer_page(self, slug: str, *, named: bool) -> str:
        """The page and OB 3.0 Profile of an issuer."""
        return f"{self._origin(named=named)}/issuers/{slug}"

    def issuer_did(self, slug: str, *, named: bool) -> str:
        """The `id` of an issuer in OB 3.0: a did:web whose document is `/issuers/<slug>/did.json`."""
        parts = urlsplit(self._origin(named=named))
        segments = [quote(parts.netloc, safe=""), *[s for s in parts.path.split("/") if s], "issuers", slug]
        return "did:web:" + ":".join(segments)

    def status_list(self, list_id: str) -> str:
        """The `id` of a BitstringStatusListCredential."""
        return f"{self.base_url}/status/{list_id}"

    def endorsement(self, endorsement_id: str) -> str:
        """The `id` of an EndorsementCredential."""
        return f"{self.base_url}/endorsements/{endorsement_id}"

    def ob2_assertion(self, credential_id: str) -> str:
        """The `id` of a hosted OB 2.0 Assertion."""
        return f"{self.base_url}/ob2/assertions/{credential_id}"

    def ob2_badge(self, issuer: str, slug: str, version: str, *, named: bool) -> str:
        """The `id` of an OB 2.0 BadgeClass; it carries its issuer."""
        return f"{self._origin(named=named)}/ob2/badges/{issuer}/{slug}/{version}"

    def ob2_issuer(self, slug: str, *, named: bool) -> str:
        """The `id` of an OB 2.0 issuer Profile."""
        return f"{self._origin(named=named)}/ob2/issuers/{slug}"

    def ob2_key(self, key_id: str, *, named: bool) -> str:
        """The `id` of an OB 2.0 CryptographicKey."""
        return f"{self._origin(named=named)}/ob2/keys/{key_id}"

    def ob2_revocations(self, issuer: str, *, named: bool) -> str:
        """The `id` of an issuer's OB 2.0 RevocationList."""
        return f"{self._origin(named=named)}/ob2/revocations/{issuer}"

    def _origin(self, *, named: bool) -> str:
        return self.network_base_url if named else self.base_url
