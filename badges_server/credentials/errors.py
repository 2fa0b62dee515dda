"""The one tree of errors. Each kind carries its standard's own code, so that every edge can say it in its own format.

A *bad request* is an error; a *bad credential* is a finding (see ``credentials.verification``).
"""

from typing import ClassVar


class BadgeError(Exception):
    """Something was asked that cannot be done; says what, where and with which value.

    Args:
        message: one line, in English, that names the thing and the remedy.
        value: the offending value, never personal data.
        path: JSON path, file or field where it stands.

    Attributes:
        passing: the same request may well succeed later; nothing is wrong with it.
    """

    code: ClassVar[str] = "BADGE_ERROR"
    passing: ClassVar[bool] = False

    def __init__(self, message: str, *, value: object = None, path: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.value = value
        self.path = path

    def __str__(self) -> str:
        """Place first, then what is wrong there."""
        return f"{self.path}: {self.message}" if self.path else self.message


class ParsingError(BadgeError):
    """The bytes are not what they should be (Data Integrity, section 4.9: PARSING_ERROR)."""

    code = "PARSING_ERROR"


class MalformedValueError(BadgeError):
    """A value has the wrong form (VC Data Model 2.0, section 7.1: MALFORMED_VALUE_ERROR)."""

    code = "MALFORMED_VALUE_ERROR"


class UnknownContextError(BadgeError):
    """A JSON-LD context that is not bundled; it is never fetched."""

    code = "UNKNOWN_CONTEXT"


class UnsafeJsonLdError(BadgeError):
    """JSON-LD safe mode refuses the document: some of it would not be signed (undefined term, inline context, …)."""

    code = "UNSAFE_JSON_LD"


class WorkBudgetError(BadgeError):
    """Canonicalization would cost more than an honest badge ever needs (RDFC-1.0, section 7.1: poison graphs)."""

    code = "WORK_BUDGET_EXCEEDED"


class ProofVerificationError(BadgeError):
    """A signature does not hold (Data Integrity, section 4.9: PROOF_VERIFICATION_ERROR)."""

    code = "PROOF_VERIFICATION_ERROR"


class CryptographicSecurityError(BadgeError):
    """A key or algorithm may not be used so (VC Data Model 2.0, section 7.1: CRYPTOGRAPHIC_SECURITY_ERROR)."""

    code = "CRYPTOGRAPHIC_SECURITY_ERROR"


class RangeError(BadgeError):
    """An index lies outside of its list (Bitstring Status List: RANGE_ERROR)."""

    code = "RANGE_ERROR"


class StatusRetrievalError(BadgeError):
    """A status list could not be had (Bitstring Status List: STATUS_RETRIEVAL_ERROR)."""

    code = "STATUS_RETRIEVAL_ERROR"


class StatusVerificationError(BadgeError):
    """A status list is not what the entry says it is (Bitstring Status List: STATUS_VERIFICATION_ERROR)."""

    code = "STATUS_VERIFICATION_ERROR"


class StatusListLengthError(BadgeError):
    """A status list is shorter than the standard allows (Bitstring Status List: STATUS_LIST_LENGTH_ERROR)."""

    code = "STATUS_LIST_LENGTH_ERROR"


class BakingError(BadgeError):
    """A picture cannot carry a credential, or carries a broken one (OB 3.0, section 5.3)."""

    code = "BAKING_ERROR"
