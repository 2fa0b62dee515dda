"""Randomness as an argument: the front door makes one `Entropy` and hands it down."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

# No 0, O, 1, I, L: read aloud or copied from paper without doubt. 31 letters: 10 of them hold 49 bits.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


@dataclass(frozen=True)
class Entropy:
    """Where identifiers, salts and random indexes come from.

    Attributes:
        new_uuid: a random UUID (version 4).
        random_bytes: that many unpredictable bytes.
        below: an unpredictable integer, 0 ≤ n < bound, without bias.
    """

    new_uuid: Callable[[], UUID]
    random_bytes: Callable[[int], bytes]
    below: Callable[[int], int]

    def new_code(self) -> str:
        """Draw a short code for a verification page, as printed under a QR."""
        return "".join(CODE_ALPHABET[self.below(len(CODE_ALPHABET))] for _ in range(CODE_LENGTH))
