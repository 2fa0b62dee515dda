"""The OB 3.0 Achievement: what can be earned, at which levels, by which criteria (OB 3.0, section B.1.2)."""

from collections.abc import Sequence
from types import MappingProxyType

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_3
from badges_server.credentials.document.profile import profile_object
from badges_server.credentials.document.wording import LEVEL_DESCRIPTIONS, alignment_in_words, criteria_in_words
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import LEVEL_NAMES, Achievement, Alignment, Issuer

FRAMEWORKS = MappingProxyType(
    {
        "ROME": ("ext:ROME", "ROME, répertoire des métiers de France Travail"),
        "ESCO": ("ext:ESCO", "ESCO, classification de la Commission européenne"),
        "CLEA": ("ext:CleA", "CléA, socle de connaissances et de compétences professionnelles"),
    }
)
_COMPONENT_TYPE = "ext:Achievement"


def achievement_document(
    achievement: Achievement,
    creator: Issuer,
    addresses: Addresses,
    *,
    components: Sequence[Achievement] = (),
    endorsements: Sequence[JsonObject] = (),
) -> JsonObject:
    """Describe `achievement` as its own URL serves it, with the signed `endorsements` about it.

    `components` are, for a milestone, the achievements that it brings together.
    """
    content = achievement_object(achievement, creator, addresses, components)
    document: JsonObject = {"@context": [OPEN_BADGES_3], **content}
    if endorsements:
        document["endorsement"] = list(endorsements)
    return document


def achievement_object(
    achievement: Achievement, creator: Issuer, addresses: Addresses, components: Sequence[Achievement] = ()
) -> JsonObject:
    """Describe `achievement` as a credential embeds it: whole, so that the badge reads without us."""
    url = addresses.achievement(achievement.slug, achievement.version)
    content: JsonObject = {
        "id": url,
        "type": ["Achievement"],
        "name": achievement.name,
        "description": achievement.description,
        # A place of its own on the page: with the achievement's id, JSON-LD would merge the two.
        "criteria": {"id": f"{url}#criteres", "narrative": criteria_in_words(achievement)},
        "achievementType": achievement.achievement_type,
        "alignment": [
            *[_alignment(alignment) for alignment in achievement.alignments],
            *[_component(component, addresses) for component in components],
        ],
        "creator": profile_object(creator, addresses),
        "humanCode": achievement.code,
        "image": achievement_image(achievement, addresses),
        "inLanguage": achievement.language,
        "resultDescription": _levels(achievement, addresses),
        "tag": list(achievement.tags),
        "version": achievement.version,
    }
    # Open Badges JSON leaves empty arrays out (OB 3.0, serialization).
    return {name: value for name, value in content.items() if value != []}


def achievement_image(achievement: Achievement, addresses: Addresses) -> JsonObject:
    """The picture of the class. PNG, not SVG: most displayers draw nothing else."""
    return {
        "id": f"{addresses.achievement(achievement.slug, achievement.version)}.png",
        "type": "Image",
        "caption": f"Badge « {achievement.name} »",
    }


def _alignment(alignment: Alignment) -> JsonObject:
    target_type, framework = FRAMEWORKS[alignment.target_type]
    content: JsonObject = {
        "type": ["Alignment"],
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetCode": alignment.code,
        "targetFramework": framework,
        "targetType": target_type,
    }
    description = alignment_in_words(alignment)
    return {**content, "targetDescription": description} if description else content


def _component(component: Achievement, addresses: Addresses) -> JsonObject:
    """Stacking is an alignment: `related` is for the same achievement in another language or version."""
    return {
        "type": ["Alignment"],
        "targetName": component.name,
        "targetUrl": addresses.achievement(component.slug, component.version),
        "targetCode": component.code,
        "targetDescription": "Badge demandé pour obtenir celui-ci.",
        "targetType": _COMPONENT_TYPE,
    }


def _levels(achievement: Achievement, addresses: Addresses) -> list[JsonObject]:
    """One ResultDescription that holds the levels this achievement is awarded at, and no other."""
    if not achievement.levels:
        return []
    levels = [
        {
            "id": addresses.achievement_level(achievement.slug, achievement.version, level),
            "type": ["RubricCriterionLevel"],
            "name": LEVEL_NAMES[level],
            "description": LEVEL_DESCRIPTIONS[level],
            "level": str(level),
        }
        for level in achievement.levels
    ]
    return [
        {
            "id": addresses.achievement_result(achievement.slug, achievement.version),
            "type": ["ResultDescription"],
            "name": "Niveau",
            "resultType": "RubricCriterionLevel",
            "rubricCriterionLevel": levels,
        }
    ]
