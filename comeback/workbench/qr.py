"""A QR code to take a text away from a screen, without a server in between."""

from __future__ import annotations

import io

import segno

MOST_BYTES = 1_200
"""More than this makes a code that phones read badly from a screen."""


def svg(text: str) -> str:
    """The text as a QR code in SVG, with a quiet zone of four modules and a title for screen readers left to the page;
    "" if the text is empty or has more than MOST_BYTES in UTF-8."""
    if not 0 < len(text.encode("utf-8")) <= MOST_BYTES:
        return ""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=4, scale=4, xmldecl=False, svgns=True, light="#fff")
    return drawn.getvalue().decode("utf-8")
