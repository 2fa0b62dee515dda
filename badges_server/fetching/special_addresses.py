"""Which addresses are public: those in none of the IANA special-purpose registries, which ship as data.

The flags of Python's `ipaddress` (`is_global`, …) follow an older state of the registries in Python 3.11 and let some
blocks through, so they are not used.
"""

import csv
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = IPv6Network("2000::/3")


class SpecialBlock(NamedTuple):
    """One line of a registry."""

    network: IPv4Network | IPv6Network
    name: str
    reference: str


@cache
def special_blocks(version: int) -> tuple[SpecialBlock, ...]:
    """Load the registry of IP version 4 or 6."""
    text = files(__package__).joinpath("data", f"special-purpose-ipv{version}.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return tuple(SpecialBlock(ip_network(line["block"]), line["name"], line["reference"]) for line in lines)


def special_purpose(address: Address) -> str | None:
    """Name the reason why `address` is not public, or None when it is."""
    for block in special_blocks(address.version):
        if address in block.network:
            return f"{block.name}, {block.reference}"
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "outside of global unicast, RFC 4291"
    return None
