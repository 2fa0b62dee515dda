"""What a load of files did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadReport:
    """What came in, by name ("member jardins-du-bocage", "class ms-01 version 1").

    Attributes:
        unchanged: how many things were already as the files say.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged"

    def to_json(self) -> dict[str, object]:
        """Give it for `--json`."""
        return {"added": list(self.added), "changed": list(self.changed), "unchanged": self.unchanged}
