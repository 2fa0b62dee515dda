"""How far somebody is on a pathway: pure rules over what they hold (domain.md, section 3).

A held achievement counts while it is neither revoked nor expired; level 2 also stands for level 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from badges_server.credentials.date_time import months_later
from badges_server.credentials.model import Achievement, Choice, Component, Condition, Pathway

# Sectors of skills that every trade needs; the others are technical (pathway PAR-4).
TRANSVERSAL_SECTORS = frozenset({"transversal", "securite", "mobilite", "numerique", "tutorat"})


@dataclass(frozen=True)
class Held:
    """A credential that counts today.

    Attributes:
        award_id: the award that it comes from.
        level: none for a class without levels.
    """

    award_id: str
    achievement: Achievement
    level: int | None
    awarded_on: date


@dataclass(frozen=True)
class Progress:
    """How far somebody is.

    Attributes:
        done: places filled, of `total`: one for each required achievement and each chosen one.
        text: the same in French, with what is missing: « 6/7, MS-01 à porter au niveau 2 ».
        to_confirm: conditions that nobody has confirmed yet; they hold the milestone back, not the count.
        components: the held credentials that fill the places.
    """

    done: int
    total: int
    text: str
    to_confirm: tuple[Condition, ...]
    components: tuple[Held, ...]

    @property
    def is_reached(self) -> bool:
        """Whether the milestone may be offered."""
        return self.done == self.total and not self.to_confirm


def progress_on(
    pathway: Pathway, held: Sequence[Held], codes: Mapping[str, str], confirmed: Iterable[str] = ()
) -> Progress:
    """Count what is done and say what is missing.

    Args:
        pathway: what is asked for.
        held: what counts that day, in any order.
        codes: the code of every achievement, by slug, as people read it.
        confirmed: kinds of conditions that somebody with a mandate has confirmed.
    """
    best = _best(held)
    filled = [best[c.slug] for c in pathway.required if _fills(best.get(c.slug), c.level)]
    asked = {component.slug for component in pathway.required}
    free = {slug: one for slug, one in best.items() if slug not in asked}
    chosen = [_chosen(choice, free) for choice in pathway.choices]
    components = (*filled, *(one for group in chosen for one in group))
    total = len(pathway.required) + sum(choice.count for choice in pathway.choices)
    lacks = _lacks(pathway, best, codes, chosen)
    known = set(confirmed)
    waiting = tuple(c for c in pathway.conditions if not _holds(c, components, known))
    if not lacks:
        lacks = [f"à confirmer : {condition.text}" for condition in waiting]
    text = ", ".join([f"{len(components)}/{total}", *lacks])
    return Progress(len(components), total, text, waiting, components)


def may_count(pathway: Pathway, achievement: Achievement) -> bool:
    """Tell whether an achievement can fill a place of the pathway."""
    asked = {component.slug for component in pathway.required}
    return achievement.slug in asked or any(_may_be_chosen(choice, achievement) for choice in pathway.choices)


def _best(held: Iterable[Held]) -> dict[str, Held]:
    """Keep the highest level of each achievement; of equal ones, the latest."""
    ranked = sorted(held, key=lambda one: (one.level or 0, one.awarded_on, one.award_id))
    return {one.achievement.slug: one for one in ranked}


def _fills(one: Held | None, level: int | None) -> bool:
    return one is not None and (level is None or one.level is None or one.level >= level)


def _chosen(choice: Choice, best: Mapping[str, Held]) -> list[Held]:
    """Pick the best of what fits, `count` at most; within one sector when the pathway wants that."""
    able = [one for _, one in sorted(best.items()) if _may_be_chosen(choice, one.achievement)]
    fitting = [one for one in able if _fills(one, choice.level)]
    if not choice.same_sector:
        return fitting[: choice.count]
    sectors = sorted({one.achievement.sector for one in fitting})
    groups = [[one for one in fitting if one.achievement.sector == sector] for sector in sectors]
    return max(groups, key=len, default=[])[: choice.count]


def _may_be_chosen(choice: Choice, achievement: Achievement) -> bool:
    if choice.among:
        return achievement.slug in choice.among
    return not achievement.milestone and achievement.sector not in TRANSVERSAL_SECTORS


def _lacks(
    pathway: Pathway, best: Mapping[str, Held], codes: Mapping[str, str], chosen: Sequence[Sequence[Held]]
) -> list[str]:
    """Say, in the order of the pathway, what is absent, what must rise and what is still to choose."""
    absent = [codes[c.slug] for c in pathway.required if c.slug not in best]
    low = [c for c in pathway.required if c.slug in best and not _fills(best[c.slug], c.level)]
    parts = [f"il manque {_joined(absent, 'et')}"] if absent else []
    parts += [_to_raise(component, codes) for component in low]
    wanted = zip(pathway.choices, chosen, strict=True)
    return parts + [_to_choose(choice, found, codes) for choice, found in wanted if len(found) < choice.count]


def _to_raise(component: Component, codes: Mapping[str, str]) -> str:
    return f"{codes[component.slug]} à porter au niveau {component.level}"


def _to_choose(choice: Choice, found: Sequence[Held], codes: Mapping[str, str]) -> str:
    count = choice.count - len(found)
    taken = {one.achievement.slug for one in found}
    level = f" au niveau {choice.level}" if choice.level is not None and choice.level > 1 else ""
    if choice.among:
        left = [codes[slug] for slug in choice.among if slug not in taken]
        return f"{count} à choisir parmi {_joined(left, 'et')}{level}"
    badges = "badge technique" if count == 1 else "badges techniques"
    sector = " du même secteur" if choice.same_sector and (found or count > 1) else ""
    return f"{count} {badges}{sector} à choisir{level}"


def _joined(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _holds(condition: Condition, components: Sequence[Held], confirmed: set[str]) -> bool:
    if condition.kind != "minimum_span":
        return condition.kind in confirmed
    days = sorted(one.awarded_on for one in components)
    return bool(days) and months_later(days[0], condition.months or 0) <= days[-1]
