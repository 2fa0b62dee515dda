"""What a catalogue would change in the database: worked out whole first, written after."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.model import Achievement, Pathway
from badges_server.storage.catalogue import Catalogue, CatalogueEntry, FileProblem
from badges_server.storage.definitions import achievement_text, pathway_text
from badges_server.storage.tables import AchievementRow, AchievementVersionRow, AwardRow, PathwayRow
from badges_server.storage.toml_places import line_of, places


@dataclass(frozen=True)
class _Version:
    """One version as it will stand. `retired` is no part of it: it belongs to the achievement through all versions."""

    achievement: Achievement
    definition: str
    picture: str
    digest: str


class CatalogueChanges:
    """The difference between a catalogue's files and the database.

    Attributes:
        problems: why it may not be written; empty when it may.
        added, changed: names of what is new or different.
        unchanged: number of things that are as the files say.
    """

    def __init__(self, session: Session, catalogue: Catalogue, folder: Path) -> None:
        self.problems: list[FileProblem] = []
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged = 0
        self._session = session
        self._folder = folder
        self._versions = [_version_of(entry) for entry in catalogue.entries]
        self._pathways = catalogue.pathways
        query = select(AwardRow.achievement_slug, AwardRow.achievement_version).distinct()
        self._awarded = {(slug, version) for slug, version in session.execute(query)}
        for entry, version in zip(catalogue.entries, self._versions, strict=True):
            self._compare_version(entry, version)
        for one in catalogue.pathways:
            self._compare_pathway(one)

    def write(self, now: datetime) -> None:
        """Bring the database to what the files say.

        Achievements are written before their versions, and both before the pathways that lean on them.
        """
        for version in self._versions:
            self._write_achievement(version.achievement)
        self._session.flush()
        for version in self._versions:
            self._write_version(version, now)
        self._session.flush()
        for one in self._pathways:
            self._write_pathway(one, now)
        self._session.flush()

    def _compare_version(self, entry: CatalogueEntry, version: _Version) -> None:
        one = version.achievement
        name = f"class {one.slug} version {one.version}"
        stored = self._session.get(AchievementVersionRow, (one.slug, one.version))
        self._note(name, None if stored is None else stored.digest, version.digest)
        if stored is not None and stored.digest != version.digest and (one.slug, one.version) in self._awarded:
            self._refuse(
                entry.file, "version", f"version {one.version} was already awarded: a change needs a new version"
            )
        other = self._session.scalar(select(AchievementRow.slug).where(AchievementRow.code == one.code))
        if other not in (None, one.slug):
            self._refuse(entry.file, "code", f"code {one.code} belongs to {other}")
        current = self._session.get(AchievementRow, one.slug)
        if current is not None and stored is not None and _moved(current, one) and name not in self.changed:
            self.unchanged -= 1
            self.changed.append(name)

    def _compare_pathway(self, one: Pathway) -> None:
        stored = self._session.get(PathwayRow, one.slug)
        digest = _digest(pathway_text(one))
        self._note(f"pathway {one.slug} version {one.version}", None if stored is None else stored.digest, digest)
        if stored is None or stored.digest == digest or stored.version != one.version:
            return
        if any(slug == one.milestone for slug, _version in self._awarded):
            message = f"its milestone was already awarded: a change needs a version other than {one.version}"
            self._refuse(str(self._folder / "pathways" / f"{one.slug}.toml"), "version", message)

    def _note(self, name: str, stored_digest: str | None, digest: str) -> None:
        if stored_digest is None:
            self.added.append(name)
        elif stored_digest != digest:
            self.changed.append(name)
        else:
            self.unchanged += 1

    def _refuse(self, file: str, field: str, message: str) -> None:
        line = line_of(places(Path(file).read_text(encoding="utf-8")), (field,))
        self.problems.append(FileProblem(file=file, line=line, column=None, field=field, message=message))

    def _write_achievement(self, one: Achievement) -> None:
        row = self._session.get(AchievementRow, one.slug) or AchievementRow(slug=one.slug)
        row.code, row.current_version, row.retired = one.code, one.version, one.retired
        self._session.add(row)

    def _write_version(self, version: _Version, now: datetime) -> None:
        one = version.achievement
        row = self._session.get(AchievementVersionRow, (one.slug, one.version))
        if row is not None and row.digest == version.digest:
            return
        if row is None:
            row = AchievementVersionRow(slug=one.slug, version=one.version, loaded_at=now)
        row.definition, row.picture, row.digest = version.definition, version.picture, version.digest
        row.published_on = one.published_on
        self._session.add(row)

    def _write_pathway(self, one: Pathway, now: datetime) -> None:
        definition = pathway_text(one)
        row = self._session.get(PathwayRow, one.slug)
        if row is not None and row.digest == _digest(definition):
            return
        if row is None:
            row = PathwayRow(slug=one.slug)
        row.version, row.milestone_slug, row.loaded_at = one.version, one.milestone, now
        row.definition, row.digest = definition, _digest(definition)
        self._session.add(row)


def _version_of(entry: CatalogueEntry) -> _Version:
    definition = achievement_text(replace(entry.achievement, retired=False))
    digest = _digest(definition, entry.picture_svg)
    return _Version(entry.achievement, definition, entry.picture_svg, digest)


def _moved(row: AchievementRow, one: Achievement) -> bool:
    return (row.code, row.current_version, row.retired) != (one.code, one.version, one.retired)


def _digest(*texts: str) -> str:
    """Fold texts into one SHA-256, each with its length before it."""
    folded = sha256()
    for text in texts:
        data = text.encode()
        folded.update(len(data).to_bytes(8, "big") + data)
    return folded.hexdigest()
