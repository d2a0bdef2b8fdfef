"""The one place that opens evidence bytes, and the alarm when they are not what was stored.

Nothing here runs without a `Receipt[Grant]` (promise 1): mypy refuses the call, and the receipt's
constructor refuses the forgery. Every read is hashed as a whole before a pixel is drawn.
"""

import io

import structlog

from evidence_service.audit.drafts import Grant
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import Busy, PageUnreadable
from evidence_service.records.documents import PagePlace
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.store_errors import reading_original
from storage import object_keys
from storage.key_records import KeyRecord
from watermark.errors import PageUndrawable, QueueFull, RendererDown, WatermarkError
from watermark.prepare import Prepared, pid, prepare
from watermark.render import RasterSize

_logger = structlog.get_logger("evidence")


def prepared_page(
    parts: Parts, grant: Receipt[Grant], place: PagePlace, size: RasterSize
) -> Prepared:
    """Give a page ready for marking, from the prepared pages or freshly drawn.

    Args:
        parts: the service's parts.
        grant: the receipt of the decision that opened this page.
        place: which page of which file.
        size: how large it is drawn.

    Raises:
        Altered: the stored bytes are not those of the upload; the document is closed now.
        StoreDown, Busy: try again.
        PageUnreadable: the page cannot be drawn within its limits.
    """
    page_id = pid(place.file.sha256, place.file_page, _resolution(size))
    name = object_keys.prepared_page(page_id, parts.keyring.mark.current)
    kept = parts.prepared.get(name)
    if kept is not None:
        try:
            return Prepared.from_bytes(kept)
        except WatermarkError:
            _logger.warning("prepared_page_damaged", page=page_id)
    prepared = _draw(parts, grant, place, size)
    parts.prepared.put(name, prepared.to_bytes())
    return prepared


def _resolution(size: RasterSize) -> int:
    """Give one number for a size: pictures of one resolution differ by their long side."""
    return size.dpi * 100_000 + size.long_side_px


def _draw(parts: Parts, grant: Receipt[Grant], place: PagePlace, size: RasterSize) -> Prepared:
    original = read_original(parts, grant, place)
    try:
        raster = parts.renderer.render(original, place.file.media, place.file_page, size)
    except (QueueFull, RendererDown) as full:
        raise Busy("pages wait to be drawn") from full
    except PageUndrawable as fault:
        raise PageUnreadable(place.file_page, fault.problem) from fault
    return prepare(raster)


def read_original(parts: Parts, grant: Receipt[Grant], place: PagePlace) -> bytes:
    """Read a file's bytes as they were uploaded, verified against the upload's SHA-256.

    Raises:
        Altered: they differ; the document is closed and an alarm stands in the log.
        StoreDown: the store cannot be reached.
    """
    with reading_original(parts, place.file.document_id, grant.what.case):
        record = KeyRecord.from_bytes(place.file.key_record)
        sink = io.BytesIO()
        parts.originals.read_verified(record, sink)
        return sink.getvalue()
