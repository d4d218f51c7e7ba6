"""The files of web/ as a browser gets them, with the headers that keep strangers out."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parents[2] / "web"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
FOREIGN = "vendor"
"""Folder of files that others wrote; served as they are, their licence with them."""
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_COMMENTS = re.compile(rb"^[ \t]+|(?:^|[ \t]+)// .*$|^/\* .* \*/$", re.MULTILINE)
_JS_SPACE = re.compile(rb'("[^"\n]*"|`[^`]*`|(?<=[(,])/[^/\n]+/)|[ ]*([{}()=<>?:;,&|+*]+)[ ]*')
_CSS_SPACE = re.compile(rb"\s*([{};,])\s*|(:) |\n")
_BLANK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes
    type: str
    tag: str


def load_strings(folder: Path = WEB, language: str = "en") -> dict[str, Any]:
    """All words: of the `page`, of its `script`, of the `channel`, and the `urgent` contacts."""
    strings: dict[str, Any] = json.loads((folder / f"strings.{language}.json").read_text("utf-8"))
    return strings


def pack(body: bytes, suffix: str) -> Asset:
    """A file ready to serve: packed once, tagged by content."""
    return Asset(body, gzip.compress(body, mtime=0), TYPES[suffix], f'"{sha256(body).hexdigest()[:16]}"')


def asset(body: bytes, suffix: str) -> Asset:
    """A file of ours ready to serve, without comments and without space that nobody needs."""
    if suffix in (".js", ".css", ".html"):
        body = re.sub(rb"\n+", b"\n", _COMMENTS.sub(b"", body))
    if suffix == ".js":
        body = _JS_SPACE.sub(rb"\1\2", body)
    if suffix == ".css":
        body = _CSS_SPACE.sub(rb"\1\2", body)
    return pack(body, suffix)


def load_assets(folder: Path = WEB) -> dict[str, Asset]:
    """Scripts, stylesheets and pictures of `folder` and its foreign files by file name."""
    kinds = (".js", ".css", ".svg")
    own = {
        path.name: asset(path.read_bytes(), path.suffix) for path in folder.iterdir() if path.suffix in kinds
    }
    foreign = (path for path in (folder / FOREIGN).glob("*") if path.suffix in kinds)
    return own | {path.name: pack(path.read_bytes(), path.suffix) for path in foreign}


def build_page(template: str, strings: dict[str, Any], assets: dict[str, Asset]) -> Asset:
    """The page with its words filled in: `{{key}}` is one, `{{strings}}` those of the script as JSON.

    `{{urgent}}` are the urgent contacts as links, `{{urgent_here}}` without links, `{{here}}` people at a kiosk.

    Addresses of assets get their content tag, so that a new version is never mixed with an old one.
    """

    def fill(match: re.Match[str]) -> str:
        key = match[1]
        if key == "strings":
            packed = json.dumps(strings["script"], ensure_ascii=False, separators=(",", ":"))
            return packed.replace("<", "\\u003c")
        if key in ("urgent", "urgent_here", "here"):
            linked = key == "urgent"
            people = strings["here" if key == "here" else "urgent"]
            return "".join(_contact(contact, linked) for contact in people)
        return html.escape(str(strings["page"][key]))

    page = _BLANK.sub(fill, template)
    for name, file in assets.items():
        page = page.replace(f'"/static/{name}"', f'"/static/{name}?{file.tag[1:9]}"')
    return asset(page.encode(), ".html")


def _contact(contact: dict[str, str], linked: bool) -> str:
    name, note, url = (html.escape(contact.get(key, ""), quote=True) for key in ("name", "note", "url"))
    if not linked:
        return f"<li><span><b>{name}</b> <span>{note}</span></span></li>"
    rel = ' target="_blank" rel="noopener noreferrer"' if url.startswith("https:") else ""
    return f'<li><a href="{url}"{rel}><b>{name}</b> <span>{note}</span></a></li>'


def page_policy(frame_ancestors: Iterable[str]) -> str:
    """Content-Security-Policy of a page that only these origins may show in a frame."""
    ancestors = " ".join(frame_ancestors) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
