"""RDFC-1.0 against W3C's own test suite: the carried cases always, all of it where it is at hand."""

import json
import time
from pathlib import Path
from typing import Any, Literal

import pytest

from badges_server.credentials.canonical.nquads import Quad, parse_nquads
from badges_server.credentials.canonical.rdfc import canonical_labels, canonicalize_quads
from badges_server.credentials.errors import ParsingError, WorkBudgetError

TESTS = Path(__file__).resolve().parents[2]
CARRIED = TESTS / "vectors" / "rdf-canon"
WHOLE = TESTS.parent.parent / "shared" / "vectors" / "rdf-canon" / "tests"
SUITES = [folder for folder in (CARRIED, WHOLE) if folder.is_dir()]
CASES = [
    pytest.param(folder, entry, id=f"{folder.name}{entry['id']}")
    for folder in SUITES
    for entry in json.loads((folder / "manifest.jsonld").read_text())["entries"]
]


def read_case(folder: Path, entry: dict[str, Any]) -> tuple[list[Quad], Literal["sha256", "sha384"]]:
    hash_name: Literal["sha256", "sha384"] = "sha384" if entry.get("hashAlgorithm") == "SHA384" else "sha256"
    return parse_nquads((folder / entry["action"]).read_bytes().decode()), hash_name


@pytest.mark.parametrize(("folder", "entry"), CASES)
def test_published_case(folder: Path, entry: dict[str, Any]) -> None:
    quads, hash_name = read_case(folder, entry)
    if entry["type"] == "rdfc:RDFC10EvalTest":
        assert canonicalize_quads(quads, hash_name=hash_name) == (folder / entry["result"]).read_bytes()
    elif entry["type"] == "rdfc:RDFC10MapTest":
        labels = canonical_labels(quads, hash_name=hash_name)
        expected = json.loads((folder / entry["result"]).read_text())
        assert {node[2:]: label[2:] for node, label in labels.items()} == expected
    else:
        assert entry["type"] == "rdfc:RDFC10NegativeEvalTest"
        with pytest.raises(WorkBudgetError, match="surroundings"):
            canonicalize_quads(quads, hash_name=hash_name)


def test_the_carried_cases_are_of_all_three_kinds() -> None:
    entries = json.loads((CARRIED / "manifest.jsonld").read_text())["entries"]
    kinds = [entry["type"].removeprefix("rdfc:RDFC10") for entry in entries]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"EvalTest": 7, "MapTest": 7, "NegativeEvalTest": 1}


@pytest.mark.parametrize("size", [8, 9, 10, 12])
def test_a_poison_graph_is_refused_quickly(size: int) -> None:
    clique = [
        Quad(f"_:e{one}", "<https://example.org/knows>", f"_:e{other}")
        for one in range(size)
        for other in range(size)
        if one != other
    ]
    times = []
    for _round in range(3):
        started = time.process_time()
        with pytest.raises(WorkBudgetError):
            canonicalize_quads(clique)
        times.append(time.process_time() - started)
    # Thirty milliseconds in fact; the rest is for machines that trace or share.
    assert min(times) <= 0.25


def test_a_long_chain_of_alike_nodes_is_refused_before_the_interpreter_gives_up() -> None:
    ring = [Quad(f"_:e{n}", "<https://example.org/next>", f"_:e{(n + 1) % 3000}") for n in range(3000)]
    with pytest.raises(WorkBudgetError):
        canonicalize_quads(ring)


def test_lines_are_sorted_by_code_point_not_by_utf_16() -> None:
    # In UTF-16, U+10000 starts with U+D800 and sorts before U+FF5E.
    quads = [
        Quad("<https://example.org/>", "<https://example.org/p>", f'"{text}"') for text in ("\U00010000", "\uff5e")
    ]
    lines = canonicalize_quads(quads).decode().splitlines()
    assert ["\uff5e" in line for line in lines] == [True, False]


def test_the_budget_is_the_callers_to_choose() -> None:
    quads = [Quad("_:a", "<https://example.org/p>", "_:b"), Quad("_:b", "<https://example.org/p>", "_:a")]
    assert canonicalize_quads(quads, work_budget=100) == canonicalize_quads(quads)
    with pytest.raises(WorkBudgetError) as refusal:
        canonicalize_quads(quads, work_budget=1)
    assert (refusal.value.code, refusal.value.value) == ("WORK_BUDGET_EXCEEDED", 1)


@pytest.mark.parametrize(
    "line",
    ["<a:b> <a:b> .", "<a:b> <a:b> <a:b>", '<a:b> <a:b> "x" <a:b> <a:b> .', "<a:b> <a b> <a:b> .", "nothing"],
)
def test_what_is_no_statement_is_refused(line: str) -> None:
    with pytest.raises(ParsingError, match="line 1: not an N-Quads statement"):
        parse_nquads(line)
