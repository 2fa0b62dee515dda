"""Endorsements: the network stands for its members, the neutral profile for the achievements it created."""

from badges_server.services.endorsing.issuing import endorse_achievements, endorse_members
from badges_server.services.endorsing.standing import (
    Endorsement,
    UnknownEndorsementError,
    endorsement,
    endorsements_of,
)
from badges_server.services.endorsing.statements import MEMBERSHIP, RECOGNITION

__all__ = [
    "MEMBERSHIP",
    "RECOGNITION",
    "Endorsement",
    "UnknownEndorsementError",
    "endorse_achievements",
    "endorse_members",
    "endorsement",
    "endorsements_of",
]
