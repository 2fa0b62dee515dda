"""Open Badges 2.0: what can be earned, as one issuer awards it (OB 2.0, BadgeClass and AlignmentObject)."""

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.document.achievement import FRAMEWORKS
from badges_server.credentials.document.wording import alignment_in_words, criteria_in_words
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Achievement, Alignment, Issuer


def badge_class_document(achievement: Achievement, issuer: Issuer, addresses: Addresses) -> JsonObject:
    """Describe `achievement` as `issuer` awards it: in Open Badges 2.0 the class says who the issuer is."""
    page = addresses.achievement(achievement.slug, achievement.version)
    document: JsonObject = {
        "@context": OPEN_BADGES_2,
        "id": addresses.ob2_badge(issuer.slug, achievement.slug, achievement.version, named=issuer.named),
        "type": "BadgeClass",
        "@language": achievement.language,
        "version": achievement.version,
        "name": achievement.name,
        "description": achievement.description,
        "image": f"{page}.png",
        "criteria": {"type": "Criteria", "id": f"{page}#criteres", "narrative": criteria_in_words(achievement)},
        "alignment": [_alignment(alignment) for alignment in achievement.alignments],
        "tags": list(achievement.tags),
        "issuer": addresses.ob2_issuer(issuer.slug, named=issuer.named),
    }
    return {name: value for name, value in document.items() if value != []}


def _alignment(alignment: Alignment) -> JsonObject:
    content: JsonObject = {
        "type": "AlignmentObject",
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetCode": alignment.code,
        "targetFramework": FRAMEWORKS[alignment.target_type][1],
    }
    description = alignment_in_words(alignment)
    return {**content, "targetDescription": description} if description else content
