"""A page prepared once: whatever marking needs, as bytes that can be sealed and stored.

It is clean evidence. It never leaves the service but through `watermark.mark`.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from watermark.errors import PageUnfit, PreparedBroken
from watermark.render import Raster

METHOD = b"page-1"  # goes into every page's id: another method, another page
MAGIC = b"PPG"
VERSION = 1
HEADER = struct.Struct(">3sBIIIII")  # magic, version, height, width, dpi * 1000, length, CRC
CLEAN_QUALITY = 96
MOST_PIXELS = 50_000_000
MOST_SIDE_PX = 65_500  # of a JPEG
SHA256_HEX = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clean page of height × width pixels at `dpi`; `clean` is its JPEG, 4:4:4, fine."""

    height: int
    width: int
    dpi: float
    clean: bytes

    def to_bytes(self) -> bytes:
        """Return it as bytes; `from_bytes` is the way back."""
        check = _check(self.clean)
        dpi = round(self.dpi * 1000)
        fields = (self.height, self.width, dpi, len(self.clean), check)
        return HEADER.pack(MAGIC, VERSION, *fields) + self.clean

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the page of `to_bytes`.

        Raises:
            PreparedBroken: cut, altered, or of a version that we do not read.
        """
        if len(stored) < HEADER.size:
            raise PreparedBroken("too short")
        magic, version, height, width, dpi, length, check = HEADER.unpack_from(stored)
        if (magic, version) != (MAGIC, VERSION):
            raise PreparedBroken(f"version {version}")
        clean = stored[HEADER.size :]
        if len(clean) != length or _check(clean) != check:
            raise PreparedBroken("cut or altered")
        if not (0 < height <= MOST_SIDE_PX and 0 < width <= MOST_SIDE_PX):
            raise PreparedBroken("size")
        return cls(height, width, dpi / 1000, clean)

    def pixels(self) -> np.ndarray:
        """Return the clean page, uint8 (height, width, 3), blue first as OpenCV has it.

        Raises:
            PreparedBroken: the picture inside is none, or of another size.
        """
        decoded = cv2.imdecode(np.frombuffer(self.clean, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None or decoded.shape != (self.height, self.width, 3):
            raise PreparedBroken("picture")
        return np.asarray(decoded)


def prepare(raster: Raster) -> Prepared:
    """Return a raster prepared for marking.

    Raises:
        PageUnfit: not uint8 (height, width, 3), empty, or larger than a JPEG may be.
    """
    pixels = raster.pixels
    good = pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3  # noqa: PLR2004 - the shape of a colour picture
    if not good or not pixels.size or max(pixels.shape) > MOST_SIDE_PX:
        raise PageUnfit(f"{pixels.dtype} {pixels.shape}")
    blue_first = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    clean = encode(blue_first, CLEAN_QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
    return Prepared(pixels.shape[0], pixels.shape[1], raster.dpi, clean)


def encode(pixels: np.ndarray, quality: int, sampling: int) -> bytes:
    """Return a baseline JPEG of three components without metadata.

    Args:
        pixels: uint8 (height, width, 3), blue first.
        quality: 0 to 100.
        sampling: one of OpenCV's IMWRITE_JPEG_SAMPLING_FACTOR values.

    Raises:
        PageUnfit: the encoder does not take them.
    """
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    good, coded = cv2.imencode(".jpg", pixels, options)
    if not good:
        raise PageUnfit("cannot be encoded")
    return bytes(coded)


def pid(sha256: str, page: int, dpi: int) -> str:
    """Return the id of a prepared page: SHA-256 over length-prefixed fields, as 64 hex digits.

    Args:
        sha256: of the document, 64 lower-case hex digits.
        page: from 1.
        dpi: of the wanted size, not of what a limit made of it.

    Raises:
        ValueError: not such a digest, or numbers below 1.
    """
    if len(sha256) != SHA256_HEX or sha256 != sha256.lower() or page < 1 or dpi < 1:
        raise ValueError("a digest, a page from 1 and a resolution")
    digest = hashlib.sha256()
    for field in (METHOD, bytes.fromhex(sha256), page.to_bytes(4, "big"), dpi.to_bytes(4, "big")):
        digest.update(len(field).to_bytes(4, "big") + field)
    return digest.hexdigest()


def _check(clean: bytes) -> int:
    """Return the first four bytes of a SHA-256: against accidents; sealing is the store's work."""
    return int.from_bytes(hashlib.sha256(clean).digest()[:4], "big")
