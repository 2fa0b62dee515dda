"""Personal columns: only the person's own key opens them, only where they stand, only unchanged."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.entropy import Entropy
from badges_server.storage.personal_data import PersonalDataError, decrypt, encrypt, reference_digest
from tests.clock import make_entropy

KEY = bytes(range(32))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(text=TEXT, place=TEXT)
def test_what_was_sealed_opens(text: str, place: str) -> None:
    assert decrypt(KEY, encrypt(KEY, text, make_entropy(text), place=place), place=place) == text


def test_same_text_twice_looks_different(entropy: Entropy) -> None:
    assert encrypt(KEY, "Zoé", entropy) != encrypt(KEY, "Zoé", entropy)


def test_form_is_version_nonce_and_aes_gcm(entropy: Entropy) -> None:
    sealed = encrypt(KEY, "Zoé", entropy)
    assert sealed[:1] == b"\x01"
    assert len(sealed) == 1 + 12 + len("Zoé".encode()) + 16


@pytest.mark.parametrize(("key", "place"), [(bytes(32), "a"), (KEY, "b"), (KEY, "")])
def test_another_key_or_place_does_not_open(entropy: Entropy, key: bytes, place: str) -> None:
    sealed = encrypt(KEY, "Zoé", entropy, place="a")
    with pytest.raises(PersonalDataError, match="another key or place"):
        decrypt(key, sealed, place=place)


def test_every_changed_byte_shows(entropy: Entropy) -> None:
    sealed = encrypt(KEY, "Zoé", entropy)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(PersonalDataError):
            decrypt(KEY, bytes(changed))


def test_cut_and_foreign_bytes_are_refused(entropy: Entropy) -> None:
    sealed = encrypt(KEY, "", entropy)
    for data in (b"", sealed[:-1], b"\x02" + sealed[1:], b"plain text that nobody ever sealed"):
        with pytest.raises(PersonalDataError, match="not sealed by this program, or cut short"):
            decrypt(KEY, data)


def test_error_never_holds_the_text(entropy: Entropy) -> None:
    sealed = encrypt(KEY, "Zéphyrine", entropy)
    with pytest.raises(PersonalDataError) as caught:
        decrypt(bytes(32), sealed)
    assert "phyrine" not in f"{caught.value} {caught.value.value}"


def test_reference_digest_is_a_keyed_hash() -> None:
    expected = hmac.new(b"secret", b'["recipient reference", "ai-bocage", "R-1"]', hashlib.sha256).hexdigest()
    assert reference_digest(b"secret", "ai-bocage", "R-1") == expected


def test_reference_digest_tells_organisations_references_and_deployments_apart() -> None:
    digests = {
        reference_digest(b"secret", "a", "bc"),
        reference_digest(b"secret", "ab", "c"),
        reference_digest(b"secret", "a", "BC"),
        reference_digest(b"other secret", "a", "bc"),
    }
    assert len(digests) == 4


def test_reference_digest_ignores_spaces_around_and_unicode_form() -> None:
    assert reference_digest(b"secret", "a", " Zoe\u0301 ") == reference_digest(b"secret", "a", "Zo\u00e9")
