from pathlib import Path

import pytest
from lxml import etree

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.picture import MAXIMUM_CHARACTERS, checked_svg, with_level

BADGE_CLASSES = Path(__file__).parents[3] / "badge_classes"
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 240 240" role="img">
  <title>Tondre</title>
  <g fill="none"><circle cx="120" cy="120" r="109" fill="#e2eef7" stroke="#1b5e8f" stroke-width="9"/></g>
  <path d="M54 66V152" transform="rotate(45 10,10) translate(-1.5e1)" stroke="#000000"/>
  <g id="level"/>
</svg>
"""
SVG = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> list[tuple[float, float, str | None]]:
    """Outer left, outer right and fill of each bar in the level group."""
    root = etree.fromstring(svg.encode())
    group = root.findall(f"{SVG}g[@id='level']")[0]
    found = []
    for bar in group:
        half = float(bar.get("stroke-width") or 0) / 2
        left, width = float(bar.get("x") or 0), float(bar.get("width") or 0)
        assert float(bar.get("y") or 0) - half == 184
        assert float(bar.get("y") or 0) + float(bar.get("height") or 0) + half == 204
        assert bar.get("stroke") == "#1b5e8f"
        found.append((left - half, left + width + half, bar.get("fill")))
    return found


@pytest.mark.parametrize("path", sorted(BADGE_CLASSES.glob("*.svg")), ids=lambda path: path.stem)
def test_every_class_picture_of_ours_is_allowed(path: Path) -> None:
    svg = path.read_text(encoding="utf-8")
    assert checked_svg(svg) == svg
    drawn = with_level(svg, 1, (1, 2), "Nom")
    assert drawn.count("<rect") - svg.count("<rect") == 3


@pytest.mark.parametrize("level", [1, 2, 3])
def test_bars_are_filled_up_to_the_level(level: int) -> None:
    found = bars(with_level(PICTURE, level, (1, 2, 3), "Tondre"))
    assert [(left, right) for left, right, _ in found] == [(75, 101), (107, 133), (139, 165)]
    assert [fill for *_, fill in found] == ["#1b5e8f"] * level + ["#ffffff"] * (3 - level)


def test_the_level_is_said_in_the_title() -> None:
    drawn = etree.fromstring(with_level(PICTURE, 2, (1, 2), "Tondre & <tailler>").encode())
    assert drawn.findtext(f"{SVG}title") == "Tondre & <tailler>, niveau 2 : en autonomie"
    assert len(drawn.findall(f"{SVG}title")) == 1


def test_without_level_there_is_no_bar() -> None:
    drawn = with_level(PICTURE, None, (), "Étape")
    assert bars(drawn) == []
    assert etree.fromstring(drawn.encode()).findtext(f"{SVG}title") == "Étape"


def test_nothing_else_changes() -> None:
    drawn = etree.fromstring(with_level(PICTURE, 1, (1,), "Tondre, autrement").encode())
    drawn.findall(f"{SVG}title")[0].text = "Tondre"
    group = drawn.findall(f"{SVG}g[@id='level']")[0]
    for bar in list(group):
        group.remove(bar)
    same = etree.tostring(etree.fromstring(PICTURE.encode()), method="c14n")
    assert etree.tostring(drawn, method="c14n") == same


def test_a_picture_drawn_once_is_no_class_picture() -> None:
    with pytest.raises(MalformedValueError, match="one empty"):
        with_level(with_level(PICTURE, 1, (1,), "Tondre"), 1, (1,), "Tondre")


def test_bars_take_a_dark_colour_where_no_outline_has_one() -> None:
    bare = PICTURE.replace('stroke="#1b5e8f"', 'stroke="none"').replace('stroke="#000000"', "")
    assert with_level(bare, 1, (1,), "Tondre").count('stroke="#333333"') == 3


@pytest.mark.parametrize(("level", "levels"), [(3, (1, 2)), (1, ()), (0, (0,)), (4, (4,))])
def test_a_level_the_achievement_has_not_is_refused(level: int, levels: tuple[int, ...]) -> None:
    with pytest.raises(MalformedValueError) as caught:
        with_level(PICTURE, level, levels, "Tondre")
    assert (caught.value.path, caught.value.value) == ("level", level)


def inside(content: str) -> str:
    return PICTURE.replace('  <g id="level"/>', f'  {content}<g id="level"/>')


@pytest.mark.parametrize(
    ("svg", "reason", "path"),
    [
        (inside("<script>alert(1)</script>"), "element that a badge may not hold", "line 5"),
        (inside("<style>*{}</style>"), "element that a badge may not hold", "line 5"),
        (inside('<image href="x"/>'), "element that a badge may not hold", "line 5"),
        (inside('<use href="#a"/>'), "element that a badge may not hold", "line 5"),
        (inside("<a><path d=''/></a>"), "element that a badge may not hold", "line 5"),
        (inside("<foreignObject/>"), "element that a badge may not hold", "line 5"),
        (inside("<animate/>"), "element that a badge may not hold", "line 5"),
        (inside("<text>Jean</text>"), "element that a badge may not hold", "line 5"),
        (inside('<script xmlns="http://www.w3.org/1999/xhtml"/>'), "element that a badge may not hold", "line 5"),
        (inside('<path xmlns="" d="M0 0"/>'), "element that a badge may not hold", "line 5"),
        (inside('<path style="fill:url(x)"/>'), "attribute that a badge may not hold", "line 5"),
        (inside('<path onload="alert(1)"/>'), "attribute that a badge may not hold", "line 5"),
        (inside('<path class="a"/>'), "attribute that a badge may not hold", "line 5"),
        (inside('<path href="#a"/>'), "attribute that a badge may not hold", "line 5"),
        (inside('<g xmlns:l="http://www.w3.org/1999/xlink" l:href="#a"/>'), "attribute that a badge may not", "line 5"),
        (inside('<path fill="url(#a)"/>'), "a value that fill may not have", "line 5"),
        (inside('<path fill="url (x)"/>'), "a value that fill may not have", "line 5"),
        (inside('<path d="javascript:x"/>'), "a value that d may not have", "line 5"),
        (inside('<path fill="é"/>'), "a value that fill may not have", "line 5"),
        (inside("un mot"), "text outside of title and desc", "line 4"),
        (inside("<g>un mot</g>"), "text outside of title and desc", "line 5"),
        (inside("<!-- note -->"), "nothing but elements", "line 5"),
        (inside("<?x y?>"), "nothing but elements", "line 5"),
        (inside("<![CDATA[ ]]>"), "nothing but elements", "line 5"),
        ('<?xml-stylesheet href="x"?>' + PICTURE, "nothing but elements", "line 1"),
        ("<!DOCTYPE svg>" + PICTURE, "nothing but elements", "line 1"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + PICTURE, "nothing but elements", "line 1"),
        (inside("&a;"), "not XML", "line 5"),
        (PICTURE[:-8], "not XML", "line 5"),
        ("", "not XML", "line 1"),
        ("\ud800", "not XML", "line 1"),
        (" " * (MAXIMUM_CHARACTERS + 1), "more than", None),
        (PICTURE.replace('viewBox="0 0 240 240"', ""), "viewBox", "line 1"),
        (PICTURE.replace('viewBox="0 0 240 240"', 'viewBox="0 0 24 24"'), "viewBox", "line 1"),
        (PICTURE.replace("svg", "g").replace("g xmlns", "g xmlns", 1), "element that a badge may not hold", "line 1"),
        (PICTURE.replace("<svg", "<g").replace("</svg", "</g"), "an svg element", "line 1"),
        (PICTURE.replace("<title>Tondre</title>", ""), "a title is expected", "line 1"),
        (PICTURE.replace("Tondre", " "), "a title is expected", "line 1"),
        (PICTURE.replace('id="level"', 'id="other"'), "one empty", "line 1"),
        (inside('<g id="level"/>'), "one empty", "line 1"),
        (inside('<g id="level"><path d="M0 0"/></g>').replace('<g id="level"/>', ""), "one empty", "line 1"),
    ],
)
def test_everything_else_is_refused_with_its_line(svg: str, reason: str, path: str | None) -> None:
    with pytest.raises(MalformedValueError, match=reason) as caught:
        checked_svg(svg)
    assert caught.value.path == path
