"""Mark a prepared page for one viewing. Nothing but marked pixels comes out.

The mark is in the pixels, not a layer over them (design, promise 6).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import cv2

from watermark.errors import PageUnfit
from watermark.glyphs import drawable
from watermark.prepare import Prepared, encode
from watermark.visible import mark_visibly

QUALITY = 80
CHINA_TIME = timezone(timedelta(hours=8))  # one zone, no summer time: no database needed


@dataclass(frozen=True, slots=True)
class ViewingMark:
    """What a marked page says about its viewing. `viewed_at` has a time zone."""

    name: str
    masked_id: str
    case_no: str
    viewed_at: datetime
    trace_code: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields as they are written, the time as in China.

        Raises:
            ValueError: the time has no zone.
        """
        if self.viewed_at.tzinfo is None:
            raise ValueError("viewed_at needs a time zone")
        seen = self.viewed_at.astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M")
        return self.name, self.masked_id, self.case_no, seen, self.trace_code


def mark(prepared: Prepared, viewing: ViewingMark) -> bytes:
    """Return the page marked for this viewing: JPEG, baseline, 4:2:0, no metadata.

    Raises:
        PreparedBroken: the prepared page cannot be read.
        PageUnfit: the trace code says nothing that could be drawn.
        ValueError: the viewing's time has no zone.
    """
    if not drawable(viewing.trace_code).strip():
        raise PageUnfit("a mark without a trace code")
    pixels = prepared.pixels()
    mark_visibly(pixels, viewing.fields)
    return encode(pixels, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420)
