"""What a PDF holds besides its pages, found in parsed objects (ISO 32000-2).

MuPDF parses and writes every object anew, object streams included, so escaped names
(`/J#61vaScript`) and hidden objects show as what they are. Names are looked for outside of
strings; a resource that bears such a name by chance is flagged too, and that does no harm.
"""

import re
from dataclasses import dataclass, field

from watermark.child.mupdf import ERRORS, Document

STRING = re.compile(r"\((?:\\.|[^()\\])*\)|<[0-9A-Fa-f\s]*>(?!>)", re.DOTALL)
NAME = re.compile(r"/([^\s/<>\[\](){}%]+)")
ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")
REFERENCE = re.compile(r"(\d+) \d+ R")
FONT = re.compile(r"/Type\s*/Font(?![A-Za-z])")
IMAGE = re.compile(r"/Subtype\s*/Image(?![A-Za-z])")
SIDE = {side: re.compile(rf"/{side}\s+(\d{{1,9}})(?!\d)") for side in ("Width", "Height")}
MARKUP = frozenset({
    "Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight",
    "Underline", "Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "FileAttachment", "Redact",
    "Watermark", "Screen", "3D", "Sound", "Movie",
})  # fmt: skip
FLAGS = {
    "active_content": frozenset({
        "JS", "JavaScript", "AA", "Launch", "SubmitForm", "GoToR", "GoToE", "ImportData",
        "RichMedia", "RichMediaExecute", "Rendition",
    }),
    "open_action": frozenset({"OpenAction"}),
    "embedded_files": frozenset({"EmbeddedFiles", "EF", "FileAttachment"}),
    "portfolio": frozenset({"Collection"}),
    "links_out": frozenset({"URI"}),
    "form_fields": frozenset({"AcroForm"}),
    "xfa": frozenset({"XFA"}),
    "layers": frozenset({"OCProperties"}),
    "signed": frozenset({"ByteRange"}),
}  # fmt: skip
DRAWN_BY_READER = frozenset({"Type0", "Type3"})  # fonts whose outlines lie elsewhere or inside
PICTURE_FILTERS = frozenset({"JBIG2Decode", "CCITTFaxDecode", "JPXDecode"})
FONT_FILES = frozenset({"FontFile", "FontFile2", "FontFile3"})


@dataclass
class Findings:
    """Flags so far, and which fonts point to which descriptor."""

    flags: set[str] = field(default_factory=set)
    needs_rendering: bool = False
    largest_picture: int = 0  # width times height, in pixels
    disguised_picture: bool = False
    descriptors_of_fonts: set[int | None] = field(default_factory=set)
    descriptors_with_file: set[int] = field(default_factory=set)


def find_in_objects(document: Document) -> Findings:
    """Return what all objects of the document say."""
    findings = Findings()
    for number in range(1, document.xref_length()):
        try:
            text = document.xref_object(number, compressed=True)
        except ERRORS:
            continue  # an object that cannot be parsed is not drawn either
        _learn(number, STRING.sub("()", text), findings)
    missing = findings.descriptors_of_fonts - findings.descriptors_with_file
    if missing:
        findings.flags.add("fonts_not_embedded")
    return findings


def _learn(number: int, text: str, findings: Findings) -> None:
    """Learn from one object, its strings taken out."""
    names = {ESCAPE.sub(lambda m: chr(int(m[1], 16)), name) for name in NAME.findall(text)}
    for flag, words in FLAGS.items():
        if names & words:
            findings.flags.add(flag)
    if "Rect" in names and names & MARKUP:
        findings.flags.add("annotations")
    if "NeedsRendering" in names and re.search(r"/NeedsRendering\s+true", text):
        findings.needs_rendering = True
    _learn_picture(names, text, findings)
    if names & FONT_FILES:
        findings.descriptors_with_file.add(number)
    if FONT.search(text) and not names & DRAWN_BY_READER:
        _learn_font(text, findings)


def _learn_picture(names: set[str], text: str, findings: Findings) -> None:
    """Note a picture's size, and picture bytes that stand where no picture is (a bomb)."""
    width, height = (SIDE[side].search(text) for side in ("Width", "Height"))
    if IMAGE.search(text) and width and height:
        area = int(width[1]) * int(height[1])
        findings.largest_picture = max(findings.largest_picture, area)
    elif names & PICTURE_FILTERS and "Length" in names and "Width" not in names:
        findings.disguised_picture = True


def _learn_font(text: str, findings: Findings) -> None:
    """Note the descriptor of a font; a font without one is not embedded."""
    at = text.find("/FontDescriptor")
    reference = REFERENCE.match(text, at + len("/FontDescriptor ")) if at >= 0 else None
    if reference is None and at >= 0:
        reference = REFERENCE.search(text, at)
    findings.descriptors_of_fonts.add(int(reference[1]) if reference else None)
