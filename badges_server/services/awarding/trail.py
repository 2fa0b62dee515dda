"""What the audit trail says about awards: identifiers and facts, never a name, a reference or a text."""

from badges_server.storage.chains import AuditEntry
from badges_server.storage.tables import AwardRow


def award_entry(award: AwardRow, action: str, actor: str, **detail: object) -> AuditEntry:
    """Describe what happened to an award; `action` is the verb: `draft`, `offer`, `accept`, `decline`, …."""
    facts: dict[str, object] = {
        "achievement": f"{award.achievement_slug} {award.achievement_version}",
        "level": award.level,
        "organisation": award.organisation_slug,
        "presentation": award.presentation,
    }
    return AuditEntry(actor=actor, action=f"award.{action}", subject=award.id, detail={**facts, **detail})
