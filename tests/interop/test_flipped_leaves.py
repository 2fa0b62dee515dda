"""Change a signed document in any one place: it does not verify, and the proof says so wherever it can still be judged.

Documents of the real catalogue, written by the product's builders: neutral and named credentials, a milestone, an
endorsement.
"""

import pytest

from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Answer, Outcome, Report
from badges_server.storage.catalogue import read_catalogue
from tests.clock import make_entropy
from tests.interop.generated import (
    CATALOGUE,
    NOW,
    Draft,
    Signatory,
    draw_credential,
    draw_endorsement,
    make_case,
    make_signatories,
    resolvable,
)
from tests.interop.oracles import answers_of, judge
from tests.interop.tampering import Change, changes_of, says_the_same

SIGNATURE = "PROOF_VERIFICATION_ERROR"


@pytest.fixture(scope="module", params=["neutral", "named", "milestone", "endorsement"])
def signed(request: pytest.FixtureRequest) -> tuple[JsonObject, dict[str, Answer]]:
    """A signed document of one kind, and everything it leads to."""
    chance = make_entropy(f"flipped {request.param}")
    signatories = make_signatories(chance)
    case = make_case(chance, signatories[request.param != "neutral"], _draft(request.param, signatories))
    published = resolvable(signatories, [case])
    return case.document, answers_of({**published.controllers, **published.lists})


def test_the_document_verifies_as_it_is(signed: tuple[JsonObject, dict[str, Answer]]) -> None:
    report = judge(*signed, NOW)
    assert (report.verdict, report.flags.issuer_confirmed) == ("verified", True)


def test_nothing_verifies_that_was_changed_anywhere(signed: tuple[JsonObject, dict[str, Answer]]) -> None:
    document, answers = signed
    changes = list(changes_of(document))
    wrong = [fault for change in changes if (fault := _fault(change, document, answers))]
    assert wrong == []
    assert len(changes) > 150


def test_no_value_has_another_value_that_verifies(signed: tuple[JsonObject, dict[str, Answer]]) -> None:
    """What a forger wants: another text in place of the signed one. There is no exception to this."""
    document, answers = signed
    altered = [change for change in changes_of(document) if change.what.startswith("'") and "→ '" in change.what]
    assert [c.path for c in altered if judge(c.applied(document), answers, NOW).verdict == "verified"] == []
    assert len(altered) > 50


def test_the_order_of_contexts_counts_and_the_order_of_a_set_does_not(
    signed: tuple[JsonObject, dict[str, Answer]],
) -> None:
    document, answers = signed
    contexts = {**document, "@context": document["@context"][::-1]}
    report = judge(contexts, answers, NOW)
    assert (report.verdict, report.outcome_of("context")) == ("not_verified", Outcome.FAILED)
    types = {**document, "type": document["type"][::-1]}
    assert judge(types, answers, NOW).verdict == "verified"


def _draft(kind: str, signatories: list[Signatory]) -> Draft:
    chance = make_entropy(kind)
    achievements = [entry.achievement for entry in read_catalogue(CATALOGUE).entries]
    if kind == "endorsement":
        return draw_endorsement(chance, signatories[1], achievements[0])
    wanted = [one for one in achievements if one.milestone == (kind == "milestone") and one.alignments]
    return draw_credential(chance, signatories[kind != "neutral"], wanted[-1])


def _fault(change: Change, document: JsonObject, answers: dict[str, Answer]) -> str | None:
    changed = change.applied(document)
    report = judge(changed, answers, NOW)
    if report.verdict == "verified":
        return f"{change.path} {change.what}: verified"
    # The `type` of a neutral issuer is said twice, as issuer and as creator: the signature holds without one of them,
    # and the model does not.
    is_same = says_the_same(document, changed)
    if report.outcome_of("proof") is Outcome.PASSED and not is_same:
        return f"{change.path} {change.what}: its signature holds"
    if _must_fail_by_its_signature(change, report) and not is_same and SIGNATURE not in _proof_codes(report):
        return f"{change.path} {change.what}: {_proof_codes(report)}"
    return None


def _must_fail_by_its_signature(change: Change, report: Report) -> bool:
    """Where the changed document is still one that can be canonicalized, and its proof's options are as they were."""
    return report.outcome_of("json_ld") is Outcome.PASSED and not change.path.startswith("$.proof")


def _proof_codes(report: Report) -> set[str | None]:
    return {finding.code for finding in report.of("proof")}
