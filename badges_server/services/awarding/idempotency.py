"""Keys that make an award unique: the database refuses a second row with the same one.

They are keyed digests, so that who reads the database without the deployment's key cannot guess a reference from them.
"""

import hashlib
import hmac
import json
from datetime import date

from badges_server.credentials.model import Achievement, Pathway
from badges_server.services.awarding.csv_file.lines import AwardLine


def award_key(secret_key: bytes, line: AwardLine, achievement: Achievement) -> str:
    """Key of an award: organisation, recipient, achievement, version, level, latest observation (interface.md).

    The latest observation is part of it, so that a badge can be earned again when it has run out.
    """
    last: date | None = line.last_observed_on
    parts = [
        "award",
        line.organisation,
        line.recipient_ref,
        achievement.slug,
        achievement.version,
        line.level,
        last.isoformat() if last else None,
    ]
    return _digest(secret_key, parts)


def milestone_key(secret_key: bytes, person_id: str, pathway: Pathway) -> str:
    """Key of a milestone: a person reaches each version of a pathway once."""
    return _digest(secret_key, ["milestone", person_id, pathway.slug, pathway.version])


def given_back_key(secret_key: bytes, award_id: str) -> str:
    """Key of a milestone that was withdrawn: its own is free again, for whoever completes the pathway later."""
    return _digest(secret_key, ["withdrawn", award_id])


def _digest(secret_key: bytes, parts: list[str | int | None]) -> str:
    return hmac.new(secret_key, json.dumps(parts, ensure_ascii=False).encode(), hashlib.sha256).hexdigest()
