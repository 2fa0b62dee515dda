"""An award file as long as asked for: several people of three companies, every class that a few observations are enough
for, all accepted on paper."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from badges_server.credentials.model import Achievement
from badges_server.storage.catalogue import read_catalogue
from tests.proof.deployment import ROOT

# Organisations of examples/network.toml, each with two observers whose mandates hold all the time below.
TEAMS = {
    "coup-de-main-bocage": ("cdm-01", "cdm-02"),
    "les-mains-vertes-du-perche": ("mvp-01", "mvp-02"),
    "estuaire-interim": ("est-01", "est-02"),
}
FIRST_DAY = date(2026, 2, 2)
CLASSES_OF_A_PERSON = 4
OBSERVATIONS = 5
NAMES = (("Samira", "Belkacem"), ("Loïc", "Le Guen"), ("Nguyễn", "Thị Ánh"), ("Zoé", "Œillet"), ("Иван", "Петров"))


def write_award_file(path: Path, lines: int) -> None:
    """Write a file of that many lines, none of them refused, no two for the same award."""
    numbers = ["", *(f"_{number}" for number in range(2, OBSERVATIONS + 1))]
    seen = [f"{name}{number}" for number in numbers for name in ("observed_on", "observer", "evidence")]
    known = ("organisation", "recipient_ref", "first_name", "last_name", "achievement", "level")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*known, *seen, "presentation", "accepted_on"], restval="")
        writer.writeheader()
        writer.writerows(islice(_lines(), lines))


def _lines() -> Iterator[dict[str, str]]:
    classes = [entry.achievement for entry in read_catalogue(ROOT / "badge_classes").entries]
    wanted = [one for one in classes if not one.milestone and one.evidence_rule.min_observations <= OBSERVATIONS]
    for person in count(1):
        for turn in range(CLASSES_OF_A_PERSON):
            number = person * CLASSES_OF_A_PERSON + turn
            yield _line(person, number, wanted[number % len(wanted)])


def _line(person: int, number: int, achievement: Achievement) -> dict[str, str]:
    organisation = list(TEAMS)[person % len(TEAMS)]
    first_name, last_name = NAMES[person % len(NAMES)]
    days = [
        FIRST_DAY + timedelta(days=number % 28 + 2 * day) for day in range(achievement.evidence_rule.min_observations)
    ]
    line = {
        "organisation": organisation,
        "recipient_ref": f"REF-{person:05}",
        "first_name": first_name,
        "last_name": last_name,
        "achievement": achievement.slug,
        "level": str(min(achievement.levels, default="")),
        "presentation": "named" if number % 10 == 0 else "neutral",
        "accepted_on": (days[-1] + timedelta(days=3)).isoformat(),
    }
    for position, day in enumerate(days, start=1):
        suffix = "" if position == 1 else f"_{position}"
        line[f"observed_on{suffix}"] = day.isoformat()
        line[f"observer{suffix}"] = TEAMS[organisation][position % 2]
        line[f"evidence{suffix}"] = f"Vu au poste le {day:%d/%m}"
    return line
