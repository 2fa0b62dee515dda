"""What a pathway asks beyond badges, confirmed by somebody with a mandate."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class ConditionConfirmationRow(Base):
    """One condition of one pathway, confirmed for one person by a member of staff.

    `kind` is the condition's kind (`credentials.model.Condition`); `confirmed_by` a staff reference.
    """

    __tablename__ = "condition_confirmations"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    pathway_slug: Mapped[str] = mapped_column(ForeignKey("pathways.slug"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("staff.reference"))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
