"""The tables. One module per subject; this page is the list of them."""

from badges_server.storage.tables.awards import AwardRow, ObservationRow, OfferLinkRow
from badges_server.storage.tables.catalogue import AchievementRow, AchievementVersionRow, PathwayRow
from badges_server.storage.tables.chains import AuditDetailRow, AuditRow, ChainHeadRow, IssuanceRow
from badges_server.storage.tables.confirmations import ConditionConfirmationRow
from badges_server.storage.tables.credentials import CredentialRow, IntentRow, StatusEntryRow, StatusListRow
from badges_server.storage.tables.declaration import Base, PersonKeysBase
from badges_server.storage.tables.endorsements import EndorsementRow
from badges_server.storage.tables.organisations import (
    ConventionRow,
    MandateRow,
    MembershipRow,
    ProfileRow,
    SigningKeyRow,
    StaffRow,
)
from badges_server.storage.tables.people import ErasureRow, PersonKeyRow, PersonRow

__all__ = [
    "AchievementRow",
    "AchievementVersionRow",
    "AuditDetailRow",
    "AuditRow",
    "AwardRow",
    "Base",
    "ChainHeadRow",
    "ConditionConfirmationRow",
    "ConventionRow",
    "CredentialRow",
    "EndorsementRow",
    "ErasureRow",
    "IntentRow",
    "IssuanceRow",
    "MandateRow",
    "MembershipRow",
    "ObservationRow",
    "OfferLinkRow",
    "PathwayRow",
    "PersonKeyRow",
    "PersonKeysBase",
    "PersonRow",
    "ProfileRow",
    "SigningKeyRow",
    "StaffRow",
    "StatusEntryRow",
    "StatusListRow",
]
