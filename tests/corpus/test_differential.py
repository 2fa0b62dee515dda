"""The corpus and its forgeries before strangers: @digitalbazaar/vc, openvc-core and openbadgeslib, good and bad input.

Whoever accepts what we refuse, or refuses what we accept, must do so for a reason that is written in
`docs/decisions/0011-where-oracles-disagree.md`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from openbadgeslib.ob3.ldp import verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from badges_server.credentials import did
from badges_server.credentials.contexts import (
    CREDENTIALS_V1,
    DATA_INTEGRITY_V2,
    OPEN_BADGES_3_EXTENSIONS,
    STATUS_V1,
    load_context,
)
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Outcome, Report
from badges_server.credentials.verification_method import pem_from_public_key
from tests.clock import make_entropy
from tests.corpus.forgeries import forgeries
from tests.corpus.samples import samples
from tests.credentials.verification.world import (
    ISSUER,
    KEY,
    NOW,
    STATUS_URL,
    open_badge,
    own_did_document,
    signed,
    status_list_document,
    world,
)
from tests.interop.generated import Generated, generate
from tests.interop.oracles import Judgement, answers_of, ask_both, judge
from tests.interop.tampering import changes_of

GENERATED = 380
MORE_CONTEXTS = (CREDENTIALS_V1, DATA_INTEGRITY_V2, OPEN_BADGES_3_EXTENSIONS, STATUS_V1)
# Checks of Open Badges, of JSON itself and of our own: whoever only verifies credentials and proofs does not make them.
OPEN_BADGES_ALONE = {"model", "subject", "evidence", "type", "context", "schema"}


@dataclass(frozen=True)
class Input:
    """One embedded credential and our report on it."""

    name: str
    document: JsonObject
    report: Report

    @property
    def wrong(self) -> set[str]:
        """The checks that did not pass, withdrawal aside: strangers tell that apart."""
        return {
            finding.check
            for finding in self.report.findings
            if finding.outcome in (Outcome.FAILED, Outcome.UNKNOWN) and finding.code != "REVOKED"
        }


def _can_be_asked(document: JsonObject) -> bool:
    """The strangers are given the issuer's documents; whatever names other places they would have to fetch."""
    proofs = document.get("proof", [])
    methods = [proof.get("verificationMethod") for proof in proofs if isinstance(proof, dict)]
    issuer = document.get("issuer")
    status = document.get("credentialStatus")
    own = all(isinstance(method, str) and method.startswith((f"{ISSUER}#", "did:key:")) for method in methods)
    is_issuer = isinstance(issuer, dict) and issuer.get("id") == ISSUER
    is_listed = isinstance(status, dict) and status.get("statusListCredential") == STATUS_URL
    return isinstance(proofs, list) and own and is_issuer and is_listed and "credentialSubject" in document


def _inputs() -> list[Input]:
    """Every embedded credential of the corpus and of the forgeries that the issuer's own pages can answer for."""
    pages = world()
    made = [("good", signed(open_badge()))]
    made += [(sample.name, _document(sample.data)) for sample in samples() if sample.good.endswith(" json")]
    made += [(forgery.name, _document(forgery.data)) for forgery in forgeries() if forgery.data[:1] == b"{"]
    return [Input(name, document, pages.report(document)) for name, document in made if _can_be_asked(document)]


def _document(data: bytes) -> JsonObject:
    try:
        document: JsonObject = json.loads(data)
    except ValueError:
        return {}
    return document


@cache
def inputs() -> list[Input]:
    return _inputs()


@cache
def strangers() -> dict[str, list[Judgement]]:
    documents: Mapping[str, JsonObject] = {
        **{url: load_context(url) for url in MORE_CONTEXTS},
        ISSUER: own_did_document(),
        STATUS_URL: signed(status_list_document()),
    }
    node, openvc = ask_both([each.document for each in inputs()], documents, NOW)
    return {"digitalbazaar": node, "openvc": openvc}


def accepted(who: str) -> list[Input]:
    """What a stranger verifies and we do not."""
    pairs = zip(inputs(), strangers()[who], strict=True)
    return [each for each, theirs in pairs if theirs.verified and each.wrong]


def test_there_is_something_to_ask() -> None:
    assert len(inputs()) >= 250
    assert sum(not each.wrong for each in inputs()) >= 10


def test_digital_bazaar_verifies_whatever_we_verify() -> None:
    pairs = zip(inputs(), strangers()["digitalbazaar"], strict=True)
    assert [(each.name, theirs.error) for each, theirs in pairs if not theirs.verified and not each.wrong] == []


def test_digital_bazaar_accepts_more_for_the_reasons_written_down() -> None:
    unexplained = [
        (each.name, sorted(each.wrong))
        for each in accepted("digitalbazaar")
        if not (each.wrong <= OPEN_BADGES_ALONE | {"status", "validity"} or _is_explained(each))
    ]
    assert unexplained == []
    odd = {each.document["credentialStatus"].get("statusListIndex") for each in _with("digitalbazaar", "status")}
    odd |= {each.document["credentialStatus"].get("statusSize") for each in _with("digitalbazaar", "status")}
    assert odd == {"1e3", "94567", None, 0, 2}  # an index that is no decimal number, sizes that cannot be
    for each in _with("digitalbazaar", "validity"):  # within its five minutes of clock skew
        moments = [each.document.get(name) for name in ("validFrom", "issuanceDate", "validUntil", "expirationDate")]
        assert {"2026-06-01T12:00:01Z", "2026-06-01T11:59:59Z"} & set(moments)


def _with(who: str, check: str) -> list[Input]:
    return [each for each in accepted(who) if check in each.wrong]


def _is_explained(each: Input) -> bool:
    return each.name == "an expired proof" or _has_inline_context(each)


def _has_inline_context(each: Input) -> bool:
    paths = {finding.code for finding in each.report.of("json_ld") if finding.outcome is Outcome.FAILED}
    return each.name.startswith("context {") and paths == {"UNSAFE_JSON_LD"}


def test_openvc_core_accepts_nothing_that_we_refuse() -> None:
    """It refuses every badge whose issuer has an address with coordinates, good ones too: see the decision."""
    assert accepted("openvc") == []
    refused = [
        str(theirs.error)
        for each, theirs in zip(inputs(), strangers()["openvc"], strict=True)
        if not theirs.verified and not each.wrong
    ]
    assert [error for error in refused if "/issuer/address/geo/type" not in error] == []


PEM = pem_from_public_key(KEY.public_key).encode()


def holds(document: JsonObject, pem: bytes) -> bool:
    """Whether openbadgeslib verifies the proof under this key."""
    try:
        verify_data_integrity_proof(document, pem, extra_contexts={url: load_context(url) for url in MORE_CONTEXTS})
    except OB3VerificationError:
        return False
    return True


def test_openbadgeslib_verifies_the_same_proofs() -> None:
    """But it reads a proof's unknown members and inline contexts as nothing, and is told one key, the issuer's."""
    different = [
        (each.name, theirs)
        for each in inputs()
        if (theirs := holds(each.document, PEM)) is not (each.report.outcome_of("proof") is Outcome.PASSED)
        and not (theirs and (_has_inline_context(each) or each.name.endswith('colour "blue"')))
        and not (not theirs and each.name.startswith("did:key:"))
    ]
    assert different == []


@pytest.fixture(scope="module")
def generated() -> Generated:
    return generate(make_entropy("generated for openbadgeslib"), GENERATED)


def test_openbadgeslib_verifies_what_is_generated_and_nothing_that_was_changed(generated: Generated) -> None:
    """Good credentials by the hundred, each also with one place changed: both of us agree on every one."""
    answers = answers_of({**generated.controllers, **generated.lists})
    chance = make_entropy("changes for openbadgeslib")
    different = []
    for case in generated.cases:
        changes = list(changes_of(case.document))
        change = changes[chance.below(len(changes))]
        for name, document in (("good", case.document), (change.path, change.applied(case.document))):
            report = judge(document, answers, NOW)
            ours = report.outcome_of("proof") is Outcome.PASSED
            theirs = holds(document, _pem_of(case.document, generated))
            # Its proof check alone leaves out what no context defines.
            if theirs is not ours and not (theirs and report.outcome_of("json_ld") is Outcome.FAILED):
                different.append((name, change.what, ours))
    assert different == []


def _pem_of(document: JsonObject, generated: Generated) -> bytes:
    method = document["proof"][0]["verificationMethod"]
    controller = generated.controllers[method.partition("#")[0]]
    found = next(item for item in did.methods_of(controller) if item.id == method)
    return pem_from_public_key(found.public_key).encode()
