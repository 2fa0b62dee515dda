"""Drill: hostile URLs in every place that this server fetches from (promises.md, P9).

    python -m tests.proof.hostile_urls

Every URL × every fetch site × direct, behind a redirect, behind a name that changes its mind, and both. A wall around
the process counts each connection and lets none out. Prints one line, writes `docs/proof/hostile-urls.json`.
"""

import tempfile
import time
from pathlib import Path

from tests.hostile.sites import SITES
from tests.hostile.ssrf import MODES, Range, hostile_range
from tests.hostile.urls import HOSTILE_URLS, SPECIAL
from tests.proof.figures import record


def run_drill(folder: Path) -> dict[str, object]:
    """Try everything; give the figures."""
    began = time.monotonic()
    with hostile_range(folder) as hostile:
        for mode in MODES:
            for site in SITES:
                for number in range(len(HOSTILE_URLS)):
                    hostile.run(mode, site, number)
    return {**_figures(hostile), "seconds": round(time.monotonic() - began, 1)}


def _figures(hostile: Range) -> dict[str, object]:
    return {
        "urls": len(HOSTILE_URLS),
        "special_addresses": len(SPECIAL),
        "fetch_sites": list(SITES),
        "modes": list(MODES),
        "connections_to_addresses_that_are_not_public": len(hostile.connected),
        "connections_to_the_tests_own_peer": hostile.watch.to_peers,
        "connections_to_the_public_address_stopped_at_the_wall": hostile.watch.to_public,
        "names_asked_of_the_hostile_name_server": hostile.names.answered,
        "how_hostile_fetches_ended": dict(hostile.ended.most_common()),
        "passed": hostile.passed,
        "failed": hostile.failed,
        "failures": hostile.faults[:50],
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="badges-drill-") as folder:
        figures = run_drill(Path(folder))
    record("hostile-urls", figures)


if __name__ == "__main__":
    main()
