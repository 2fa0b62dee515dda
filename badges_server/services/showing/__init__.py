"""What the pages for people show, gathered: plain values, no words. The words are the templates' affair."""

from badges_server.services.showing.achievements import achievement_page
from badges_server.services.showing.foreign import foreign_page
from badges_server.services.showing.issuers import issuer_page, publisher
from badges_server.services.showing.page_content import (
    AchievementPage,
    CheckLine,
    Downloads,
    Endorser,
    ForeignPage,
    IssuerPage,
    KeyLine,
    Rung,
    VerificationPage,
    VersionLink,
)
from badges_server.services.showing.verification import (
    PublicBadge,
    badge_of_code,
    badge_of_credential,
    verification_page,
)

__all__ = [
    "AchievementPage",
    "CheckLine",
    "Downloads",
    "Endorser",
    "ForeignPage",
    "IssuerPage",
    "KeyLine",
    "PublicBadge",
    "Rung",
    "VerificationPage",
    "VersionLink",
    "achievement_page",
    "badge_of_code",
    "badge_of_credential",
    "foreign_page",
    "issuer_page",
    "publisher",
    "verification_page",
]
