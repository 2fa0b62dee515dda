"""The canonical form of a JSON-LD document: what Data Integrity suites hash (RDFC-1.0 over JSON-LD 1.1).

Screen, strict expansion, RDF, canonical labels: each step is a module of this package and can be used alone.
"""

from badges_server.credentials.canonical.expansion import expand
from badges_server.credentials.canonical.rdf import quads_of
from badges_server.credentials.canonical.rdfc import WORK_BUDGET, HashName, canonicalize_quads
from badges_server.credentials.canonical.screen import screen
from badges_server.credentials.json_text import JsonObject

__all__ = ["canonicalize"]


def canonicalize(document: JsonObject, *, hash_name: HashName = "sha256", work_budget: int = WORK_BUDGET) -> bytes:
    """Write the canonical N-Quads of `document`, which stays as it is. Pure; safe from any thread.

    Raises:
        MalformedValueError: its structure or a value is out of bounds.
        UnknownContextError: it names a context that is not bundled.
        UnsafeJsonLdError: part of it would not be signed, or its JSON says something else than what would be.
        WorkBudgetError: it would cost more than an honest credential ever does.
    """
    screen(document)
    quads = quads_of(expand(document))
    return canonicalize_quads(quads, hash_name=hash_name, work_budget=work_budget)
