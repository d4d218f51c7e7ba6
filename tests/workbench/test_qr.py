"""A text leaves the screen as a QR code, if it is short enough for a phone."""

from xml.etree import ElementTree

from comeback.workbench import drafts, qr
from comeback.workbench.words import Words


def test_a_draft_fits_into_a_code(w: Words) -> None:
    made = drafts.feedback_request(w, {"company": "Łódź & Söhne", "role": "product designer"}, {}, {})
    assert made.payload is not None
    drawn = ElementTree.fromstring(qr.svg(str(made.payload["text"])))
    assert drawn.tag.endswith("svg") and int(drawn.attrib["width"]) == int(drawn.attrib["height"])


def test_what_is_too_long_or_empty_has_no_code() -> None:
    assert qr.svg("") == "" and qr.svg("ü" * (qr.MOST_BYTES // 2 + 1)) == ""
    assert qr.svg("a" * qr.MOST_BYTES)


def test_the_same_text_gives_the_same_code() -> None:
    assert qr.svg("plan") == qr.svg("plan") != qr.svg("Plan")
