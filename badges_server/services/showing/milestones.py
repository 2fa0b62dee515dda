"""What became of the badges that a milestone stands on. The milestone stays; its page says what has changed."""

from datetime import date

from sqlalchemy.orm import Session

from badges_server.services.awarding.milestones import held_on, progress_of
from badges_server.services.cataloguing import all_pathways
from badges_server.storage.tables import AwardRow


def lapsed_components(session: Session, milestone: AwardRow, on: date) -> int:
    """Count the badges that counted on the milestone's day and do not on `on`; 0 for any other badge."""
    pathway = next((one for one in all_pathways(session) if one.milestone == milestone.achievement_slug), None)
    if pathway is None or milestone.awarded_on is None:
        return 0
    then = progress_of(session, milestone.person_id, pathway, milestone.awarded_on).components
    still_held = {held.award_id for held in held_on(session, [milestone.person_id], on)[milestone.person_id]}
    return sum(held.award_id not in still_held for held in then)
