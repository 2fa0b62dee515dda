"""The French sentences that signed documents carry; the same in Open Badges 3.0 and 2.0.

They hold counts and kinds only: no name, no text of an observation, no word on who the recipient is.
"""

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.model import LEVEL_NAMES, Achievement, Alignment

LEVEL_DESCRIPTIONS = {
    1: "Réalise l’activité avec de l’aide.",
    2: "Réalise l’activité sans aide, dans les situations habituelles.",
    3: "S’adapte aux situations nouvelles et montre aux autres comment faire.",
}

_NUMBERS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_PARTIAL = "Correspondance partielle : cette entrée du référentiel couvre moins, ou plus, que ce badge."
_NOT_CLEA = "Domaine proche de ce badge, qui ne vaut pas certification CléA."


def check_level(achievement: Achievement, level: int | None) -> None:
    """Make sure that `level` is one that `achievement` is awarded at (none: the achievement has no levels).

    Raises:
        MalformedValueError: it is not.
    """
    if level is None and not achievement.levels:
        return
    if level not in achievement.levels or level not in LEVEL_NAMES:
        raise MalformedValueError(f"{achievement.code} is not awarded at this level", value=level, path="level")


def level_in_words(level: int) -> str:
    """Write « Niveau 2 : en autonomie »."""
    return f"Niveau {level} : {LEVEL_NAMES[level]}"


def criteria_in_words(achievement: Achievement) -> str:
    """Write the criteria as a Markdown list, then what proves them, then what the badge does not give."""
    blocks = ["\n".join(f"- {criterion}" for criterion in achievement.criteria)]
    if achievement.evidence:
        blocks.append(f"Preuve demandée : {achievement.evidence}")
    if achievement.caution:
        blocks.append(f"À savoir : {achievement.caution}")
    return "\n\n".join(blocks)


def evidence_name(achievement: Achievement) -> str:
    """Name the kind of evidence."""
    return "Badges réunis" if achievement.milestone else "Observations au travail"


def evidence_in_words(achievement: Achievement, observation_count: int, observer_count: int) -> str:
    """Write « Deux observations datées en situation de travail, par deux observateurs habilités. ».

    For a milestone `observation_count` is the number of badges it stands on, and nobody observed it as such.

    Raises:
        MalformedValueError: there is nothing to stand on, or more observers than observations.
    """
    if observation_count < 1:
        raise MalformedValueError("a badge stands on one observation at least", value=observation_count)
    if achievement.milestone:
        return f"{_count(observation_count, 'badge valable', 'badges valables')} ce jour-là.".capitalize()
    if not 1 <= observer_count <= observation_count:
        raise MalformedValueError("every observation has one observer", value=observer_count)
    seen = _count(observation_count, "observation datée", "observations datées", one="une")
    observers = _count(observer_count, "observateur habilité", "observateurs habilités")
    return f"{seen} en situation de travail, par {observers}.".capitalize()


def alignment_in_words(alignment: Alignment) -> str | None:
    """Say what an alignment does not claim; nothing when it is plain."""
    sentences = []
    if alignment.partial:
        sentences.append(_PARTIAL)
    if alignment.target_type == "CLEA":
        sentences.append(_NOT_CLEA)
    return " ".join(sentences) or None


def _count(number: int, singular: str, plural: str, one: str = "un") -> str:
    if number == 1:
        return f"{one} {singular}"
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {plural}"
