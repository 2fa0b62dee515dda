"""Where the keys of a TOML text stand."""

import pytest

from badges_server.storage.toml_places import Path, line_of, places

TEXT = '''# a comment = not a key
title = "x"
list = [
    "one",
    "two",
]
story = """
inside = "is no key"
[nor.a.header]
"""

[network]   # with a comment
name = 'N'

[[members]]
slug = "a"

[[members.conventions]]
kind = "AI"

[[members.conventions]]
"kind" = "ACI"

[[members]]
slug = "b"

[[members.conventions]]
kind = "EI"

[members.place]
town = "Évreux"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("list",), 3),
        (("list", 1), 3),
        (("story",), 7),
        (("network",), 12),
        (("network", "name"), 13),
        (("members", 0, "slug"), 16),
        (("members", 0, "conventions", 0, "kind"), 19),
        (("members", 0, "conventions", 1, "kind"), 22),
        (("members", 1), 24),
        (("members", 1, "conventions", 0, "kind"), 28),
        (("members", 1, "place", "town"), 31),
        (("members", 1, "email"), 24),
        (("nowhere",), 1),
    ],
)
def test_a_key_is_found_or_the_nearest_thing_around_it(path: Path, line: int) -> None:
    assert line_of(places(TEXT), path) == line


def test_what_stands_in_a_long_text_is_no_key() -> None:
    found = places(TEXT)
    assert ("inside",) not in found
    assert ("nor", "a", "header") not in found
