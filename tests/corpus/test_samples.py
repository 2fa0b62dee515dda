"""The corpus: each defect changes exactly the finding that it declares, and says where."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from badges_server.credentials.verification import Facts, Finding, Report, verify
from badges_server.fetching.folder import FolderFetcher
from badges_server.services.verifying import gather
from tests.corpus.goods import GOOD
from tests.corpus.samples import Sample, samples
from tests.corpus.write import write_documents, write_sample
from tests.credentials.verification.world import NOW, outcomes, received

SAMPLES = list(samples())


@cache
def good_report(name: str) -> Report:
    data, pages = GOOD[name]
    return pages.report(data)


@pytest.mark.parametrize("name", GOOD)
def test_the_good_ones_verify(name: str) -> None:
    assert good_report(name).verdict == "verified", good_report(name).findings


def test_there_are_enough_of_every_form() -> None:
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES) >= 250
    assert {sample.good for sample in SAMPLES} >= GOOD.keys() - {
        "2.0 hosted png",
        "2.0 signed svg",
        "3.0 in VC 1.1 jwt",
    }


def bad(findings: Iterable[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (finding.check, finding.outcome.value, finding.code, finding.path)
        for finding in findings
        if finding.outcome in ("failed", "unknown")
    ]


def faults(sample: Sample) -> list[str]:
    """What is not as declared: no good sample has anything bad, so all that is bad is new."""
    report = sample.pages.report(sample.data)
    expected, also = sample.expected, dict(sample.also)
    declared = (expected.check, expected.outcome, expected.code, expected.path)
    found = [item for item in bad(report.findings) if item[0] not in also]
    wrong = [] if found == [declared] else [f"found {found}, declared {declared}"]
    before = outcomes(good_report(sample.good))
    changed = {check: outcome.value for check, outcome in outcomes(report).items() if outcome != before[check]}
    if changed != {expected.check: expected.outcome, **also}:
        wrong.append(f"changed {changed}")
    return wrong


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_defect_changes_exactly_its_finding(sample: Sample) -> None:
    assert faults(sample) == []


@pytest.mark.parametrize("name", [*GOOD, *(sample.name for sample in SAMPLES[::9])])
def test_offline_and_online_give_the_same_report(name: str, tmp_path: Path) -> None:
    """From a folder of documents, as `verify --documents` has them, in every form of the corpus."""
    found = {sample.name: (sample.data, sample.pages) for sample in SAMPLES}
    data, pages = GOOD.get(name) or found[name]
    online = pages.report(data)
    folder = FolderFetcher(write_documents(pages, tmp_path / "documents"))
    offline = verify(gather(Facts(received(data), NOW), folder))

    assert comparable(offline) == comparable(online)


def comparable(report: Report) -> object:
    """The whole report, but for the words on why a document could not be had."""
    told = report.to_json("x")
    for finding in (*told["findings"], *told["warnings"]):
        if finding["code"] in ("NOT_RETRIEVED", "STATUS_RETRIEVAL_ERROR"):
            finding["detail"] = ""
    return told


def test_the_corpus_can_be_written_as_files(tmp_path: Path) -> None:
    write_sample(SAMPLES[0], tmp_path / "0001")
    expected = json.loads((tmp_path / "0001" / "expected.json").read_text(encoding="utf-8"))

    assert expected["finding"]["check"] == SAMPLES[0].expected.check
    assert (tmp_path / "0001" / "input").read_bytes() == SAMPLES[0].data
    FolderFetcher(tmp_path / "0001" / "documents")
