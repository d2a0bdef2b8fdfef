"""What a scanner makes of a sheet: tone of paper, a little skew, shade at the edge, noise."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import numpy.typing as npt

from evidence_service.demo.drawings.fonts import MUPDF
from evidence_service.demo.drawings.sheet import A4, POINT, Painter, Picture, Spot, raster_page

_PAPER = np.array([243, 248, 250], np.float32)  # blue, green, red of office paper under a lamp


def _noise(shape: tuple[int, ...], seed: int, strength: float) -> Picture:
    """Grain around 64, larger than any page, so that each page can take another part of it."""
    rng = np.random.default_rng(seed)
    grain: Picture = np.empty(shape, np.uint8)
    few = rng.normal(64, strength, (shape[0] // 4, *shape[1:])).clip(0, 255).astype(np.uint8)
    for part in range(4):
        rolled = np.roll(few, int(rng.integers(1, shape[1])), axis=1)
        grain[part * len(few) : (part + 1) * len(few)] = rolled
    grain[4 * len(few) :] = few[: len(grain) - 4 * len(few)]
    return grain


def _shade(height: int, width: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A soft field of light, about 0.93 to 1, darker at the side where the sheet was bound."""
    coarse = rng.uniform(0.972, 1.0, (7, 5)).astype(np.float32)
    coarse[:, 0] -= np.float32(rng.uniform(0.015, 0.05))
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.minimum(field, 1), np.float32)


def _worn_red(picture: Picture, rng: np.random.Generator) -> None:
    """Lets seals print unevenly, as ink pads do; the picture is changed where it is red."""
    few = picture[::4, ::4]
    rows, columns = np.nonzero((few[:, :, 2] > 195) & (few[:, :, 0] < 70))
    if len(rows) < 30:
        return
    top, left = 4 * int(rows.min()), 4 * int(columns.min())
    part = picture[top : 4 * int(rows.max()) + 4, left : 4 * int(columns.max()) + 4]
    height, width = part.shape[:2]
    coarse = rng.uniform(0, 1, (height // 7 + 1, width // 7 + 1)).astype(np.float32)
    patchy = cv2.resize(coarse, (width, height))
    red = (part[:, :, 2] > 195) & (part[:, :, 0] < 190)
    fade = np.where(red, np.clip((patchy - 0.45) * 1.3, 0, 0.55), 0)[:, :, None]
    part[:] = part + (255 - part) * fade


def scanned(picture: Picture, seed: int, grain: Picture) -> Picture:
    """Turns a clean raster into a scanned one of the same shape (height, width, 3).

    Args:
        picture: the clean page; its seals are worn in place.
        seed: decides skew, shade and specks.
        grain: noise of at least the picture's shape.
    """
    rng = np.random.default_rng(seed)
    height, width = picture.shape[:2]
    skew = rng.uniform(0.12, 0.42) * rng.choice([-1, 1])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(skew), 0.994)
    turn[:, 2] = turn[:, 2] + rng.uniform(-6, 6, 2)
    _worn_red(picture, rng)
    page = cv2.warpAffine(picture, turn, (width, height), borderValue=(226, 228, 228))
    page = cv2.GaussianBlur(page, (3, 3), 0.55)
    light = (_shade(height, width, rng) * 256).astype(np.uint16)
    paper = (_PAPER - rng.uniform(0, 5)).astype(np.uint16)
    for channel in range(3):
        lit = cv2.multiply(page[:, :, channel].astype(np.uint16), light, scale=1 / 256)
        page[:, :, channel] = cv2.convertScaleAbs(lit, alpha=float(paper[channel]) / 255)
    for _ in range(rng.integers(6, 18)):
        spot = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        cv2.circle(page, spot, int(rng.integers(1, 3)), (150, 152, 150), -1, cv2.LINE_AA)
    at = rng.integers(0, grain.shape[0] - height + 1), rng.integers(0, grain.shape[1] - width + 1)
    part = grain[at[0] : at[0] + height, at[1] : at[1] + width]
    return np.asarray(cv2.addWeighted(page, 1, part, 1, -64), np.uint8)


def jpeg_of(picture: Picture, quality: int) -> bytes:
    """Encodes a picture of shape (height, width, 3), blue first, as JPEG."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def scanned_pdf(
    painters: Sequence[Painter],
    *,
    title: str,
    seed: int,
    size: Spot = A4,
    dpi: int = 200,
    quality: int = 84,
    strength: float = 4.0,
) -> bytes:
    """Makes a PDF whose pages are scans: one JPEG each, and no text.

    Args:
        painters: one for each page.
        title: of the document.
        seed: the same seed scans the same way.
        size: of the pages, in millimetres.
        dpi: of the scanner.
        quality: of the JPEG, 1 to 100.
        strength: of the noise, in steps of 256.
    """
    grain = _noise(
        (round(size[1] / 25.4 * dpi) + 66, round(size[0] / 25.4 * dpi) + 66, 3), seed, strength
    )

    def finished(numbered: tuple[int, Picture]) -> bytes:
        return jpeg_of(scanned(numbered[1], seed + numbered[0], grain), quality)

    document = MUPDF.open()
    # MuPDF draws in this thread while the page before is scanned and encoded in the other.
    with ThreadPoolExecutor(1) as scanner:
        waiting = [
            scanner.submit(finished, (number, raster_page(painter, size=size, dpi=dpi)))
            for number, painter in enumerate(painters)
        ]
        for jpeg in waiting:
            page = document.new_page(width=size[0] * POINT, height=size[1] * POINT)
            page.insert_image(page.rect, stream=jpeg.result())
    made_by = "示例扫描仪 ScanDemo 200"
    document.set_metadata({"title": title, "creator": made_by, "producer": made_by})
    made: bytes = document.tobytes(garbage=1, no_new_id=True)
    return made
