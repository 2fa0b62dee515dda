"""The network in the database: loading `network.toml`, looking up profiles, memberships, conventions and mandates."""

from badges_server.services.profiles import (
    NetworkNotLoadedError,
    UnknownIssuerError,
    all_issuers,
    has_network,
    issuer,
    members,
    network_issuer,
    recognition_issuer,
)
from badges_server.services.recording.loading import load_network
from badges_server.services.recording.looking_up import all_members, mandates_of, membership_of, staff_of
from badges_server.storage.network_file import NetworkFileError

__all__ = [
    "NetworkFileError",
    "NetworkNotLoadedError",
    "UnknownIssuerError",
    "all_issuers",
    "all_members",
    "has_network",
    "issuer",
    "load_network",
    "mandates_of",
    "members",
    "membership_of",
    "network_issuer",
    "recognition_issuer",
    "staff_of",
]
