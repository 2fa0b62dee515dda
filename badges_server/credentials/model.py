"""Our own achievements, issuers and awards, as plain values: what the builders of documents read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Presentation = Literal["neutral", "named"]

# Open Badges levels are ours alone: never a national qualification level.
LEVEL_NAMES = {1: "avec aide", 2: "en autonomie", 3: "transmet"}


@dataclass(frozen=True)
class EvidenceRule:
    """How much must have been seen, by whom, before an award (interface.md, `evidence_rule`).

    Attributes:
        min_observations: number of dated observations.
        second_observer_from_level: from this level on, two different observers.
    """

    min_observations: int = 2
    second_observer_from_level: int = 3


@dataclass(frozen=True)
class Alignment:
    """A place of the achievement in a public framework (OB 3.0, Alignment).

    Attributes:
        target_type: "ROME", "ESCO" or "CLEA".
        partial: the framework's entry covers only part of the achievement, or more than it.
    """

    target_type: Literal["ROME", "ESCO", "CLEA"]
    code: str
    name: str
    url: str
    partial: bool = False


@dataclass(frozen=True)
class Achievement:
    """One version of what can be earned; the content of one file of `badge_classes/`."""

    slug: str
    code: str
    version: str
    name: str
    description: str
    easy_read: str
    sector: str
    levels: tuple[int, ...]
    criteria: tuple[str, ...]
    evidence: str
    achievement_type: str
    language: str
    published_on: date
    acceptance: Literal["worker", "none"] = "worker"
    evidence_rule: EvidenceRule = field(default_factory=EvidenceRule)
    validity_months: int | None = None
    alignments: tuple[Alignment, ...] = ()
    caution: str | None = None
    tags: tuple[str, ...] = ()
    milestone: bool = False
    retired: bool = False


@dataclass(frozen=True)
class Issuer:
    """The profile that signs, in the words that a document needs (OB 3.0, Profile).

    Attributes:
        named: true for an organisation that shows itself, false for the neutral recognition profile.
    """

    slug: str
    name: str
    email: str
    description: str
    named: bool
    url: str | None = None


@dataclass(frozen=True)
class StatusPlace:
    """Where a credential's status bit lies: the list's id and the index in it."""

    list_id: str
    index: int


@dataclass(frozen=True)
class Component:
    """An achievement that a pathway asks for, at a level (none: any level)."""

    slug: str
    level: int | None


@dataclass(frozen=True)
class Choice:
    """`count` achievements among some, at a level.

    Attributes:
        among: slugs to choose from; empty: every technical achievement.
        same_sector: the chosen ones must share their sector.
    """

    count: int
    among: tuple[str, ...]
    level: int | None
    same_sector: bool = False


@dataclass(frozen=True)
class Condition:
    """What a pathway asks beyond achievements.

    Attributes:
        kind: "observation_in_establishment", "minimum_span" or "company_endorsement".
        months: for "minimum_span", the least time between first and last observation.
        text: the condition in French, as people read it.
    """

    kind: Literal["observation_in_establishment", "minimum_span", "company_endorsement"]
    text: str
    months: int | None = None


@dataclass(frozen=True)
class Pathway:
    """A set of achievements that stack into a milestone (domain.md section 3)."""

    slug: str
    code: str
    version: str
    name: str
    description: str
    easy_read: str
    milestone: str
    rome_targets: tuple[str, ...]
    required: tuple[Component, ...]
    choices: tuple[Choice, ...]
    conditions: tuple[Condition, ...]
