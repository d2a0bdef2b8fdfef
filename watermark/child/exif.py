"""EXIF: which way up, and whether a position is told. Damaged EXIF says nothing (CIPA DC-008)."""

from watermark.child.facts import valid_orientation
from watermark.child.ifd import Malformed, OutOfBytes, tables

ORIENTATION = 0x0112
GPS_DIRECTORY = 0x8825
GPS_LATITUDE = 2
GPS_LONGITUDE = 4


def read_exif(data: memoryview) -> tuple[int, frozenset[str]]:
    """Return orientation (1 to 8) and flags of an EXIF block that begins with a TIFF header."""
    orientation, flags = 1, set()
    try:
        block = tables(data)
        entries, _next = block.directory(block.first())
        orientation = valid_orientation(block.values(entries, ORIENTATION, 1)[0])
        gps_at = block.values(entries, GPS_DIRECTORY, 0)[0]
        if gps_at:
            position, _next = block.directory(gps_at)
            if GPS_LATITUDE in position or GPS_LONGITUDE in position:
                flags.add("gps_position")
    except (Malformed, OutOfBytes):
        pass
    if orientation != 1:
        flags.add("exif_orientation")
    return orientation, frozenset(flags)
