"""What employers reach: the front page, verification by code, QR codes, the pages of classes and issuers."""

from collections.abc import Callable, Mapping

from badges_server.web.verify import checker, definitions, front, qr_codes, verification
from badges_server.web.verify.blueprint import blueprint

# The addresses that serve a document or a page by `Accept` belong to the documents; they call these for the page.
NEGOTIATED_PAGES: Mapping[str, Callable[..., str]] = {
    "credential": verification.credential_page,
    "achievement": definitions.achievement_page,
    "issuer": definitions.issuer_page,
}

__all__ = ["NEGOTIATED_PAGES", "blueprint", "checker", "definitions", "front", "qr_codes", "verification"]
