"""Badge pictures as PNG, drawn from their SVG by typst: no browser, no system library, no font, no network."""

from functools import lru_cache

import typst

SIDE_PIXELS = 480

# 240 points at 144 points per inch are 480 pixels; the ground stays transparent.
_PAGE = b"""#set page(width: 240pt, height: 240pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.picture), format: "svg", width: 240pt, height: 240pt)
"""
_POINTS_PER_INCH = 144

# Classes × levels, twice over; a drawing is about 15 kB.
_KEPT = 512


@lru_cache(maxsize=_KEPT)
def png_of(svg: str) -> bytes:
    """Draw a class picture (240 × 240, checked by `credentials.picture`) at 480 × 480 pixels."""
    drawn = typst.compile(
        _PAGE, format="png", ppi=_POINTS_PER_INCH, sys_inputs={"picture": svg}, ignore_system_fonts=True
    )
    return bytes(drawn)
