from ipaddress import ip_address

import pytest

from badges_server.fetching.special_addresses import special_blocks, special_purpose

PUBLIC = ["1.1.1.1", "8.8.8.8", "192.0.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0"]
PUBLIC += ["198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a01:cb00::1", "2003::1"]

SPECIAL = ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254"]  # noqa: S104
SPECIAL += ["172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1"]
SPECIAL += ["192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"]
SPECIAL += ["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]
SPECIAL += ["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1"]
SPECIAL += ["100::1", "100:0:0:1::1", "2001::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::1", "2620:4f:8000::1"]
SPECIAL += ["3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1", "e000::1"]


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text: str) -> None:
    assert special_purpose(ip_address(text)) is None


@pytest.mark.parametrize("text", SPECIAL)
def test_a_special_address_says_why(text: str) -> None:
    assert "RFC" in (special_purpose(ip_address(text)) or "")


@pytest.mark.parametrize("version", [4, 6])
def test_both_ends_of_every_block_are_special(version: int) -> None:
    blocks = special_blocks(version)

    assert len(blocks) >= 17
    for block in blocks:
        assert special_purpose(block.network[0]) is not None
        assert special_purpose(block.network[-1]) is not None
