"""Which format is this? Four witnesses have to agree, and nobody else may speak (polyglots).

Witnesses: the signature at byte 0, libmagic, the ending of the sent name, and the decoder.
"""

import importlib
import re
from typing import Any

from watermark.child.verdict import Refused

ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
}
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
)
FOREIGN = re.compile(
    rb"%PDF-|PK\x03\x04|<html|<!doctype html|<script|<\?php|\x7fELF|Rar!\x1a\x07|7z\xbc\xaf",
    re.IGNORECASE,
)
HEAD_BYTES = 1024  # PDF readers look for their header in this much
MAGIC_BYTES = 256 * 1024

importlib.import_module("pylibmagic")  # first: it points `magic` to the library it brings
magic: Any = importlib.import_module("magic")
_magic = magic.Magic(mime=True)  # one handle, one thread: it must not be shared


def version() -> str:
    """Return libmagic's version in words."""
    return f"libmagic {magic.version()}"


def agreed_media(document: memoryview, ending: str) -> str:
    """Return the media type on which signature, libmagic and ending agree.

    Raises:
        Refused: empty_file, polyglot, type_mismatch or unsupported_format.
    """
    if not document:
        raise Refused("empty_file")
    head = bytes(document[:HEAD_BYTES])
    by_magic = _magic.from_buffer(bytes(document[:MAGIC_BYTES]))
    media = next((media for start, media in SIGNATURES if head.startswith(start)), "")
    if not media:
        known = any(ending in endings for endings in ENDINGS.values())
        raise Refused("type_mismatch" if known else "unsupported_format", by_magic, "signature")
    if media != "application/pdf" and (hidden := FOREIGN.search(head)):
        raise Refused("polyglot", _word(hidden.group()), "head")
    if by_magic != media:
        raise Refused("type_mismatch", by_magic, "libmagic")
    if ending not in ENDINGS[media]:
        raise Refused("type_mismatch", ending, "name")
    return media


def check_tail(tail: bytes) -> bool:
    """Return whether other bytes stand behind a file's end.

    Raises:
        Refused: polyglot, when they hold the header of another format.
    """
    if hidden := FOREIGN.search(tail):
        raise Refused("polyglot", _word(hidden.group()), "tail")
    return bool(tail.strip(b"\0\r\n\t "))


def _word(header: bytes) -> str:
    """Return the printable part of a header."""
    return re.sub(rb"[^\w%<!?]", b"", header).decode("ascii", "replace")
