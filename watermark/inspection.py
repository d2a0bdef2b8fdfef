"""What the first look at a file says: media type, page sizes, flags; and the name as shown."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

NAME_LENGTH = 200
ENDING_LENGTH = 8
BIDI_AND_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Flags that tell about the file and warn of nothing.
PLAIN_FLAGS = frozenset({
    "annotations", "cmyk", "exif_orientation", "fonts_not_embedded", "form_fields", "huge_page",
    "incremental_updates", "links_out", "many_pages", "mixed_page_sizes", "motion_photo",
    "open_action", "rotated_pages",
})  # fmt: skip
# Flags that uploader and releasing officer are warned of.
WARNING_FLAGS = frozenset({
    "active_content", "animated", "damaged_repaired", "drawing_warnings", "embedded_files",
    "empty_box", "encrypted_owner_only", "gps_position", "layers", "multi_picture", "portfolio",
    "signed", "trailing_bytes", "xfa",
})  # fmt: skip
FLAGS = PLAIN_FLAGS | WARNING_FLAGS


@dataclass(frozen=True, slots=True)
class PageSize:
    """Size of one page in `unit` (pt or px): as stored, and as a person must see it."""

    width: float
    height: float
    unit: str
    shown_width: float
    shown_height: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file that is taken. `flags` are sorted tokens, `unreadable_pages` count from 1."""

    media: str
    pages: tuple[PageSize, ...]
    flags: tuple[str, ...] = ()
    unreadable_pages: tuple[int, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The flags that have to be said to the uploader."""
        return tuple(flag for flag in self.flags if flag in WARNING_FLAGS)


def ending_of(name: str) -> str:
    """Return the ending of a sent name in lower case with its dot, or nothing if it is odd."""
    ending = PurePosixPath(name).suffix.lower()
    return (
        ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= ENDING_LENGTH else ""
    )


def shown_name(name: str) -> str:
    """Return a sent name as it may be shown: no path, no controls, no bidi signs, 200 characters.

    It is for people to read and never part of a path, a header or a log line. A longer name is
    cut before its ending, which says what the file wants to be.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in BIDI_AND_CONTROLS)
    kept = kept.strip()
    ending = PurePosixPath(kept).suffix[:ENDING_LENGTH] if len(kept) > NAME_LENGTH else ""
    return kept[: NAME_LENGTH - len(ending)] + ending
