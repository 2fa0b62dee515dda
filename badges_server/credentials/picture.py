"""The pictures of our classes: an allow-list for what an SVG may hold, and the level drawn on a credential's.

Refused rather than repaired: no style sheet, script, link, text, animation or outside resource can be in a badge.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from lxml import etree

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.model import LEVEL_NAMES

MAXIMUM_CHARACTERS = 100_000

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_VIEW_BOX = "0 0 240 240"
_SHAPES = ("path", "circle", "rect", "line", "polyline", "polygon", "ellipse")
_ELEMENTS = frozenset({"svg", "g", "title", "desc", *_SHAPES})
_WITH_TEXT = frozenset({"title", "desc"})
_GEOMETRY = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "d", "points"}
_PAINT = {"fill", "fill-rule", "fill-opacity", "opacity"}
_STROKE = {"", "-width", "-linecap", "-linejoin", "-miterlimit", "-dasharray", "-opacity"}
_ATTRIBUTES = {"id", "role", "viewBox", "transform"} | _GEOMETRY | _PAINT | {f"stroke{end}" for end in _STROKE}
# Numbers, names, colours, path data, transforms: no colon, quote, semicolon or slash, so no URL and no style.
_VALUE = re.compile(r"[\w\s#.,%()+-]*", re.ASCII)
_MARKUP = re.compile(r"<[!?]\w*")
_CALL = re.compile(r"(\w+)\s*\(")
_TRANSFORMS = frozenset({"translate", "rotate", "scale", "matrix", "skewX", "skewY"})
_LEVEL = f".//{_NAMESPACE}g[@id='level']"

# Three bars from x = 75 to 165 and y = 184 to 204, in the class picture's 240 × 240 units.
_BAR_X = {1: 75, 2: 107, 3: 139}
_BAR_Y = 184
_BAR_WIDTH = 26
_BAR_HEIGHT = 20
_BAR_STROKE = 4


@dataclass(frozen=True)
class _ClassPicture:
    """A class picture, parsed and found harmless."""

    root: etree._Element
    title: etree._Element
    level: etree._Element


def checked_svg(svg: str) -> str:
    """Return `svg` unchanged once it is known to be a harmless class picture: 240 × 240, titled, one empty level group.

    Raises:
        MalformedValueError: it is not; its `path` is the line.
    """
    _class_picture(svg)
    return svg


def with_level(svg: str, level: int | None, levels: tuple[int, ...], name: str) -> str:
    """Draw `level` on a class picture, and say it in the title: « NAME, niveau 2 : en autonomie ».

    The bars are three for every class: filled up to `level`, outlined beyond. Without level, none.

    Args:
        svg: the class picture.
        level: the level reached; none for an achievement without levels.
        levels: those that the achievement is awarded at.
        name: the achievement's name.

    Raises:
        MalformedValueError: not a class picture, or a level that is not one of `levels`.
    """
    picture = _class_picture(svg)
    if level is not None and (level not in levels or level not in LEVEL_NAMES):
        raise MalformedValueError("not a level of this achievement", value=level, path="level")
    picture.title.text = name if level is None else f"{name}, niveau {level} : {LEVEL_NAMES[level]}"
    picture.level.extend(_bars(level, _outline_colour(picture.root)))
    return etree.tostring(picture.root, encoding="unicode")


def _class_picture(svg: str) -> _ClassPicture:
    root = _parse(svg)
    for element in root.iter():
        _check_element(element)
    if root.tag != f"{_NAMESPACE}svg" or root.get("viewBox") != _VIEW_BOX:
        _refuse(root, f'an svg element with viewBox="{_VIEW_BOX}" is expected', root.get("viewBox"))
    title = root.find(f"{_NAMESPACE}title")
    if title is None or not (title.text or "").strip():
        _refuse(root, "a title is expected, for those who cannot see the picture", None)
    groups = root.findall(_LEVEL)
    if len(groups) != 1 or len(groups[0]):
        _refuse(root, 'one empty <g id="level"/> is expected', len(groups))
    return _ClassPicture(root, title, groups[0])


def _bars(level: int | None, colour: str) -> Iterator[etree._Element]:
    if level is None:
        return
    for number, x in _BAR_X.items():
        yield etree.Element(
            f"{_NAMESPACE}rect",
            {
                # The stroke lies half outside of the rectangle it follows.
                "x": str(x + _BAR_STROKE // 2),
                "y": str(_BAR_Y + _BAR_STROKE // 2),
                "width": str(_BAR_WIDTH - _BAR_STROKE),
                "height": str(_BAR_HEIGHT - _BAR_STROKE),
                "rx": "4",
                "fill": colour if number <= level else "#ffffff",
                "stroke": colour,
                "stroke-width": str(_BAR_STROKE),
            },
        )


def _outline_colour(root: etree._Element) -> str:
    """The stroke of the first drawn shape, which is the badge's outline."""
    strokes = (str(element.get("stroke")) for element in root.iter() if element.get("stroke") not in (None, "none"))
    return next(strokes, "#333333")


def _parse(svg: str) -> etree._Element:
    """Parse without DTD, entities, comments or instructions (a style sheet's, perhaps): nothing but elements."""
    if len(svg) > MAXIMUM_CHARACTERS:
        raise MalformedValueError(f"a picture of more than {MAXIMUM_CHARACTERS} characters", value=len(svg))
    markup = _MARKUP.search(svg)
    if markup:
        line = svg.count("\n", 0, markup.start()) + 1
        raise MalformedValueError("nothing but elements may be in a badge", value=markup[0], path=f"line {line}")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(svg.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        line = getattr(error, "lineno", 1)
        raise MalformedValueError(f"not XML: {error}", path=f"line {line}") from error


def _check_element(element: etree._Element) -> None:
    tag = str(element.tag)
    local = tag.removeprefix(_NAMESPACE)
    if not tag.startswith(_NAMESPACE) or local not in _ELEMENTS:
        _refuse(element, "an element that a badge may not hold", tag)
    if local not in _WITH_TEXT and (element.text or "").strip():
        _refuse(element, "text outside of title and desc", local)
    if (element.tail or "").strip():
        _refuse(element, "text outside of title and desc", local)
    for attribute, value in element.attrib.items():
        _check_attribute(element, str(attribute), str(value))


def _check_attribute(element: etree._Element, attribute: str, value: str) -> None:
    if attribute not in _ATTRIBUTES:
        _refuse(element, "an attribute that a badge may not hold", attribute)
    if not _VALUE.fullmatch(value) or not set(_CALL.findall(value)) <= _TRANSFORMS:
        _refuse(element, f"a value that {attribute} may not have", value)


def _refuse(element: etree._Element, message: str, value: object) -> NoReturn:
    raise MalformedValueError(message, value=value, path=f"line {element.sourceline}")
