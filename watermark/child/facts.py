"""What the walkers learn of a picture before any decoder sees it."""

from dataclasses import dataclass

from watermark.child.verdict import Refused
from watermark.limits import Limits

QUARTER_TURNS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height


@dataclass(frozen=True, slots=True)
class Frame:
    """One page of a picture, as stored: pixels, and how it has to be turned (1 to 8)."""

    width: int
    height: int
    orientation: int = 1
    orientation_at: tuple[int, bytes] | None = None  # where a TIFF says so, and how to say 1
    premultiplied: bool = False

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as a person must see them."""
        if self.orientation in QUARTER_TURNS:
            return self.height, self.width
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Picture:
    """All frames of a file and its flags. `tail_at` is where the file's own bytes end."""

    frames: tuple[Frame, ...]
    flags: frozenset[str] = frozenset()
    tail_at: int | None = None


def check_size(width: int, height: int, limits: Limits, where: str) -> None:
    """Refuse sizes that no decoder should be asked for.

    Raises:
        Refused: damaged for nothing at all, too_many_pixels beyond the limits.
    """
    if width < 1 or height < 1:
        raise Refused("damaged", f"{width} x {height} px", where)
    too_long = max(width, height) > limits.picture_side_px
    if too_long or width * height > limits.picture_pixels:
        raise Refused("too_many_pixels", f"{width} x {height} px", where)


def valid_orientation(value: int) -> int:
    """Return an EXIF orientation from 1 to 8; whatever else was written means 1."""
    return value if value in range(1, 9) else 1
