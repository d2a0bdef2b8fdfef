"""TIFF and BigTIFF: walk the chain of directories; every one is a page (TIFF 6.0, section 2)."""

from watermark.child.exif import GPS_DIRECTORY, ORIENTATION
from watermark.child.facts import Frame, Picture, check_size, valid_orientation
from watermark.child.ifd import Entry, Malformed, OutOfBytes, Tables, tables
from watermark.child.verdict import Refused
from watermark.limits import Limits

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
EXTRA_SAMPLES, SAMPLE_FORMAT = 338, 339
OLD_JPEG = 6
COLOURS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr"}
DEPTHS = frozenset({1, 2, 4, 8, 16})
PREMULTIPLIED = 1
EIGHT_BITS = 8
SHORT = 3  # type of an entry: unsigned, two bytes


def read_tiff(document: memoryview, limits: Limits) -> Picture:
    """Return all pages of a TIFF file and its flags.

    Raises:
        Refused: truncated, damaged, too_many_pixels, too_many_pages, unsupported_variant.
    """
    try:
        block = tables(document)
        return _chain(block, limits)
    except OutOfBytes as outside:
        raise Refused("truncated", "", "directory") from outside
    except Malformed as malformed:
        raise Refused("damaged", "", "directory") from malformed


def _chain(block: Tables, limits: Limits) -> Picture:
    """Follow the chain; a loop in it is damage, not endless work."""
    frames: list[Frame] = []
    flags: set[str] = set()
    seen: set[int] = set()
    at = block.first()
    while at:
        if at in seen:
            raise Refused("damaged", "loop", "directories")
        if len(frames) >= limits.tiff_pages:
            raise Refused("too_many_pages", f"more than {limits.tiff_pages}", "directories")
        seen.add(at)
        entries, at = block.directory(at)
        frame = _frame(block, entries, limits)
        if frame.orientation != 1:
            flags.add("exif_orientation")
        if GPS_DIRECTORY in entries:
            flags.add("gps_position")
        frames.append(frame)
    if not frames:
        raise Refused("zero_pages", "", "directories")
    return Picture(tuple(frames), frozenset(flags))


def _frame(block: Tables, entries: dict[int, Entry], limits: Limits) -> Frame:
    """Return one page's facts, or refuse what OpenCV would show wrongly or not at all."""
    if WIDTH not in entries or HEIGHT not in entries:
        raise Refused("damaged", "no size", "directory")
    width = block.values(entries, WIDTH, 0)[0]
    height = block.values(entries, HEIGHT, 0)[0]
    check_size(width, height, limits, "directory")
    if block.values(entries, COMPRESSION, 1)[0] == OLD_JPEG:
        raise Refused("unsupported_variant", "old-style JPEG", "directory")
    colour = block.values(entries, PHOTOMETRIC, 1)[0]
    if colour not in COLOURS:
        raise Refused("unsupported_variant", f"colour model {colour}", "directory")
    depths = set(block.values(entries, BITS, 1))
    formats = set(block.values(entries, SAMPLE_FORMAT, 1))
    if not depths <= DEPTHS or formats != {1}:
        raise Refused("unsupported_variant", f"{max(depths)} bits per sample", "directory")
    return Frame(
        width,
        height,
        valid_orientation(block.values(entries, ORIENTATION, 1)[0]),
        _orientation_at(block, entries),
        # libtiff multiplies colours by alpha itself where it makes eight bits of them
        max(depths) <= EIGHT_BITS or block.values(entries, EXTRA_SAMPLES, 0)[0] == PREMULTIPLIED,
    )


def _orientation_at(block: Tables, entries: dict[int, Entry]) -> tuple[int, bytes] | None:
    """Return where the orientation stands and the bytes that would say 1.

    OpenCV turns TIFF pages whatever its flags say; with the tag at 1 the one turn is ours.
    """
    entry = entries.get(ORIENTATION)
    if entry is None or entry.kind != SHORT:
        return None
    return entry.value_at, (1).to_bytes(2, "little" if block.order == "<" else "big")
