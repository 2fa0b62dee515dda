import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.recipient import Match, identity_hash, matches

# OB 3.0, IdentityHash; OB 2.0's own fixtures.
VERSION_3 = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
VERSION_2 = "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942"


def object_3(**members: object) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": VERSION_3,
        "identityType": "emailAddress",
        "salt": "Kosher",
    } | members


def object_2(**members: object) -> dict[str, Any]:
    return {"type": "email", "hashed": True, "identity": VERSION_2, "salt": "deadsea"} | members


def test_the_published_vectors() -> None:
    assert identity_hash("a@example.com", "Kosher") == VERSION_3
    assert identity_hash("nobody@example.org", "deadsea") == VERSION_2
    assert identity_hash("a@example.com") == "sha256$" + hashlib.sha256(b"a@example.com").hexdigest()


@pytest.mark.parametrize("kind", ["emailAddress", "email"])
@pytest.mark.parametrize(
    ("identity_object", "value"), [(object_3(), "a@example.com"), (object_2(), "nobody@example.org")]
)
def test_both_versions_match_under_both_names(identity_object: dict[str, Any], value: str, kind: str) -> None:
    assert matches(identity_object, kind, value) == Match(matched=True)
    assert matches(identity_object, kind, f"x{value}") == Match(matched=False)


def test_another_kind_of_identifier_never_matches() -> None:
    assert matches(object_3(), "identifier", "a@example.com") == Match(matched=False)
    assert matches(object_2(type="url"), "email", "nobody@example.org") == Match(matched=False)


def test_a_hash_without_salt() -> None:
    bare = identity_hash("a@example.com")
    assert matches(object_3(identityHash=bare, salt=None), "emailAddress", "a@example.com").matched
    assert not matches(object_3(identityHash=bare), "emailAddress", "a@example.com").matched


def test_upper_case_hex_is_the_same_hash() -> None:
    upper = "sha256$" + VERSION_3[7:].upper()
    assert matches(object_3(identityHash=upper), "emailAddress", "a@example.com") == Match(matched=True)


def test_a_plain_value_ignores_the_salt() -> None:
    plain = object_3(hashed=False, identityHash="a@example.com", salt="not-used")
    assert matches(plain, "emailAddress", "a@example.com") == Match(matched=True)
    assert not matches(plain, "emailAddress", "a@example.comnot-used").matched


def test_in_version_3_a_plain_value_may_look_like_a_hash() -> None:
    assert matches(object_3(hashed=False), "emailAddress", VERSION_3).matched


def test_md5_matches_with_a_warning() -> None:
    weak = "md5$" + hashlib.md5(b"a@example.comKosher", usedforsecurity=False).hexdigest()
    expected = Match(matched=True, warnings=("MD5_IDENTITY_HASH",))
    assert matches(object_3(identityHash=weak), "emailAddress", "a@example.com") == expected
    refused = Match(matched=False, warnings=("MD5_IDENTITY_HASH",))
    assert matches(object_3(identityHash=weak), "emailAddress", "b@example.com") == refused


def test_lower_case_is_tried_second_and_said() -> None:
    expected = Match(matched=True, warnings=("LOWER_CASE_IDENTITY",))
    assert matches(object_3(), "emailAddress", "A@Example.com") == expected
    upper = object_3(identityHash=identity_hash("A@Example.com", "Kosher"))
    assert matches(upper, "emailAddress", "A@Example.com") == Match(matched=True)
    assert matches(upper, "emailAddress", "a@example.com") == Match(matched=False)


def test_white_space_is_never_trimmed() -> None:
    assert not matches(object_3(), "emailAddress", " a@example.com").matched


@pytest.mark.parametrize(
    ("identity_object", "path"),
    [
        (object_3(hashed="true"), "hashed"),
        (object_3(hashed=None), "hashed"),
        (object_3(identityHash=1), "identityHash"),
        (object_3(identityHash="a@example.com"), "identityHash"),
        (object_3(identityHash="sha1$" + "0" * 40), "identityHash"),
        (object_3(identityHash="sha256$" + "0" * 63), "identityHash"),
        (object_3(identityHash="md5$" + "0" * 64), "identityHash"),
        (object_3(identityHash="sha256$" + "g" * 64), "identityHash"),
        (object_3(identityType=None), "identityType"),
        (object_3(salt=5), "salt"),
        (object_2(identity="nobody@example.org"), "identityHash"),
        (object_2(hashed=False), "identity"),
        ({"type": "email", "hashed": False}, "identity"),
        ({}, "identity"),
    ],
)
def test_half_an_identity_object_is_malformed(identity_object: dict[str, Any], path: str) -> None:
    with pytest.raises(MalformedValueError) as caught:
        matches(identity_object, "emailAddress", "a@example.com")
    assert caught.value.path == path


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_hashed_matches_itself(value: str, salt: str) -> None:
    hashed = object_3(identityHash=identity_hash(value, salt), salt=salt, identityType="ext:code")
    assert matches(hashed, "ext:code", value) == Match(matched=True)
    assert not matches(hashed, "ext:code", value + "x").matched


def test_what_is_no_text_matches_nothing_and_is_no_crash() -> None:
    assert matches(object_3(), "emailAddress", "\ud800") == Match(matched=False)
    assert identity_hash("\ud800") != identity_hash("?")
