"""What one check found, in words and in the standard's own code."""

import re
from dataclasses import dataclass
from enum import StrEnum

from badges_server.credentials.errors import BadgeError

_QUOTED_NAME = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')


class Outcome(StrEnum):
    """How a check ended. `unknown`: it could not be made; that is never shown as fine."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Finding:
    """One answer to one question.

    Attributes:
        code: the standard's name of what is wrong; none when nothing is.
        path: JSON path of the place in the document.
    """

    check: str
    outcome: Outcome
    code: str | None
    detail: str
    path: str | None = None


@dataclass(frozen=True)
class Caution:
    """A warning: worth knowing, without weight in the verdict."""

    check: str
    code: str
    detail: str
    path: str | None = None


Said = Finding | Caution


@dataclass(frozen=True)
class Check:
    """A question that is always asked, by the name that users and programs know (interface.md)."""

    name: str

    def passed(self, detail: str, path: str | None = None) -> Finding:
        """It holds."""
        return Finding(self.name, Outcome.PASSED, None, detail, normal_path(path))

    def failed(self, code: str, detail: str, path: str | None = None) -> Finding:
        """It does not hold."""
        return Finding(self.name, Outcome.FAILED, code, detail, normal_path(path))

    def unknown(self, code: str, detail: str, path: str | None = None) -> Finding:
        """It could not be found out."""
        return Finding(self.name, Outcome.UNKNOWN, code, detail, normal_path(path))

    def not_applicable(self, detail: str) -> Finding:
        """The question does not arise for this credential."""
        return Finding(self.name, Outcome.NOT_APPLICABLE, None, detail)

    def warning(self, code: str, detail: str, path: str | None = None) -> Caution:
        """It holds, but."""
        return Caution(self.name, code, detail, normal_path(path))

    def refused(self, error: BadgeError, path: str | None = None) -> Finding:
        """It does not hold, as `error` says; `path` places the error where it does not place itself."""
        return self.failed(error.code, _sentence(error), error.path or path)

    def blocked(self, error: BadgeError, path: str | None = None) -> Finding:
        """It could not be found out, as `error` says."""
        return self.unknown(error.code, _sentence(error), error.path or path)


def normal_path(path: str | None) -> str | None:
    """Write the names in a JSON path as RFC 9535 normalizes them: ``$['@context'][1]``."""
    return None if path is None else _QUOTED_NAME.sub(lambda name: "['" + name[1].replace("'", "\\'") + "']", path)


def _sentence(error: BadgeError) -> str:
    return error.message if error.value is None else f"{error.message}: {error.value}"[:500]


# Every question, in the order of the interface.
PARSE = Check("parse")
STRUCTURE = Check("structure")
CONTEXT = Check("context")
JSON_LD = Check("json_ld")
TYPE = Check("type")
MODEL = Check("model")
SCHEMA = Check("schema")
SUBJECT = Check("subject")
EVIDENCE = Check("evidence")
ISSUER = Check("issuer")
PROOF = Check("proof")
REFRESH = Check("refresh")
STATUS = Check("status")
VALIDITY = Check("validity")
RECIPIENT = Check("recipient")
EXTENSIONS = Check("extensions")
ENDORSEMENTS = Check("endorsements")

# Own codes, where no standard names the thing.
NOT_MADE = "NOT_MADE"
NOT_RETRIEVED = "NOT_RETRIEVED"
UNSUPPORTED = "UNSUPPORTED"
EXPIRED = "EXPIRED"
NOT_YET_VALID = "NOT_YET_VALID"
REVOKED = "REVOKED"
SUSPENDED = "SUSPENDED"
RECIPIENT_MISMATCH = "RECIPIENT_MISMATCH"
KEY_NOT_BOUND = "KEY_NOT_BOUND_TO_ISSUER"
