"""What is still missing to judge: the one list of questions to strangers, so that gathering and judging agree.

Ask, add the answers to the facts, ask again: documents lead to further documents (a status list to its issuer's keys).
"""

from collections.abc import Iterator

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.received import Received
from badges_server.credentials.verification.case import Case, open_case
from badges_server.credentials.verification.facts import Facts, Want
from badges_server.credentials.verification.version_2.endorsements import endorsement_wants as endorsement_wants_2
from badges_server.credentials.verification.version_2.extensions import extension_wants
from badges_server.credentials.verification.version_2.graph import related_wants
from badges_server.credentials.verification.version_3.endorsements import endorsement_wants
from badges_server.credentials.verification.version_3.proofs import proof_wants
from badges_server.credentials.verification.version_3.refresh import newest, refresh_wants
from badges_server.credentials.verification.version_3.schema import schema_wants
from badges_server.credentials.verification.version_3.status import status_wants


def wanted(facts: Facts) -> list[Want]:
    """List the documents that judging `facts` needs and that were not asked for yet, the most important first."""
    missing = {want.url: want for want in reversed(list(_wants(facts))) if want.url not in facts.documents}
    return list(reversed(missing.values()))


def _wants(facts: Facts) -> Iterator[Want]:
    received = facts.received
    if isinstance(received, Received) and received.kind == "url":
        yield Want(received.text.partition("#")[0])
    try:
        case = open_case(facts)
    except BadgeError:
        return  # told by the judge
    yield from _case_wants(case)
    yield from refresh_wants(case)
    newer = newest(case)
    if newer.document is not case.document:
        yield from _case_wants(newer)


def _case_wants(case: Case) -> Iterator[Want]:
    if not case.kind.is_judged:
        return
    if case.is_version_2:
        yield from related_wants(case)
        yield from extension_wants(case)
        yield from endorsement_wants_2(case)
        return
    yield from proof_wants(case)
    yield from status_wants(case)
    yield from schema_wants(case)
    yield from endorsement_wants(case)
