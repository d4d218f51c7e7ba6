"""Ways to take a message along: a mailto link, a mail file, plain text."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import quote


def link(subject: str, body: str, to: str = "") -> str:
    """A mailto link (RFC 6068) that opens the message in a mail program."""
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


def file(subject: str, body: str) -> str:
    """The message as an unsent mail file (.eml, RFC 5322)."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["X-Unsent"] = "1"
    message.set_content(body)
    return message.as_string()


def plain(subject: str, body: str) -> str:
    """Subject and body as one text to copy."""
    return f"{subject}\n\n{body}" if subject else body
