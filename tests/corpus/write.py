"""Writes the corpus as files: the inputs, the documents behind them, and what a report must say.

    python -m tests.corpus.write FOLDER

Each sample is a folder: `input`, `documents/` (for `badges-server verify --documents`), `expected.json`.
"""

import json
import sys
from pathlib import Path

from badges_server.credentials.verification import Answer
from tests.corpus.samples import Sample, samples
from tests.credentials.verification.world import NOW, World


def write_documents(pages: World, folder: Path) -> Path:
    """Write what every URL answers, as `--documents` reads it."""
    folder.mkdir(parents=True)
    index: dict[str, object] = {}
    for number, (url, answer) in enumerate(pages.answers.items()):
        if isinstance(answer, Answer):
            (folder / f"{number}.bin").write_bytes(answer.body)
            index[url] = {"file": f"{number}.bin", "status": answer.status}
    (folder / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    return folder


def write_sample(sample: Sample, folder: Path) -> None:
    """Write one sample into its own new folder."""
    write_documents(sample.pages, folder / "documents")
    (folder / "input").write_bytes(sample.data)
    expected = {
        "name": sample.name,
        "at": NOW.isoformat(),
        "finding": vars(sample.expected),
        "also": dict(sample.also),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False), encoding="utf-8")


def main(folder: Path) -> int:
    """Write all samples below `folder`; tell how many."""
    count = 0
    for count, sample in enumerate(samples(), start=1):
        write_sample(sample, folder / f"{count:04}")
    return count


if __name__ == "__main__":
    print(main(Path(sys.argv[1])), "samples")  # noqa: T201  (a program of its own)
