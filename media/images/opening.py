"""Opening files that strangers sent: by signature, within a pixel budget, to the last line."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pi_heif
from PIL import Image, UnidentifiedImageError

from media.images import signatures
from media.images.errors import Unreadable
from media.images.exif import Exif
from media.images.facts import ImageFacts, VideoFacts
from media.images.mp4 import inspect_mp4

Media = Path | bytes

MOST_PIXELS = 64_000_000
"""Decoded whole this is 256 MB at four bytes a pixel, the most a worker spends on one picture."""

MOST_BASELINE_PIXELS = 260_000_000
"""For baseline JPEG, which is decoded at a fraction of its size: phones make 200-megapixel ones."""

_FORMATS = {
    signatures.JPEG: ("JPEG", "MPO"),
    signatures.PNG: ("PNG",),
    signatures.WEBP: ("WEBP",),
    signatures.HEIC: ("HEIF",),
}
_VIDEOS = (signatures.MP4, signatures.QUICKTIME)

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_BASELINE_PIXELS // 2  # Pillow raises above twice this


def inspect(source: Media) -> ImageFacts | VideoFacts:
    """Facts of a picture that was decoded to its end, or of a recording whose container is whole.

    Blocks, for about as long as showing the picture takes. Raises Unreadable.
    """
    with _bytes_of(source) as file:
        media_type = _media_type(file)
        if media_type in _VIDEOS:
            return inspect_mp4(file, media_type)
    with opened(source, longest=1) as picture:
        exif = picture.exif
        width, height = picture.shown_size
        return ImageFacts(
            media_type=media_type,
            width=width,
            height=height,
            orientation=exif.orientation,
            taken_at=exif.taken_at,
            make=exif.make,
            model=exif.model,
            gps=exif.gps,
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, perhaps at a fraction of the size it is stored in, not yet turned upright."""

    image: Image.Image
    exif: Exif
    stored_size: tuple[int, int]

    @property
    def shown_size(self) -> tuple[int, int]:
        """Full width and height as it is meant to be seen."""
        width, height = self.stored_size
        return (height, width) if self.exif.orientation >= 5 else (width, height)


@contextmanager
def opened(source: Media, longest: int) -> Iterator[Picture]:
    """A picture decoded to its end.

    JPEG is decoded at the smallest of its scales whose longer edge still has `longest` pixels; other
    types have no such scales and come whole. Raises Unreadable.
    """
    with _bytes_of(source) as file:
        media_type = _media_type(file)
        if media_type in _VIDEOS:
            raise Unreadable("type_refused", "a recording is not a picture")
        picture = _decoded(file, media_type, longest)
        with picture.image:
            yield picture


def _decoded(file: BinaryIO, media_type: str, longest: int) -> Picture:
    with _complaints_translated(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if media_type == signatures.PNG:
            _check_sums(file)
        file.seek(0)
        image = Image.open(file, formats=_FORMATS[media_type])
        size = image.size
        exif = Exif(image)
        _afford(image, size)
        if media_type == signatures.JPEG:
            image.draft(None, _draft_size(size, longest))
        image.load()
        return Picture(image, exif, size)


def _check_sums(file: BinaryIO) -> None:
    """Compare the checksums of a PNG's chunks, which decoding does not do for those with pixels."""
    file.seek(0)
    with Image.open(file, formats=("PNG",)) as image:
        _afford(image, image.size)
        image.verify()


def _draft_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _afford(image: Image.Image, size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    baseline = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    most = MOST_BASELINE_PIXELS if baseline else MOST_PIXELS
    if pixels > most:
        raise Unreadable("too_many_pixels", f"{size[0]}×{size[1]}, at most {most} pixels")
    if pixels == 0:
        raise Unreadable("broken", "no pixels")


def _media_type(file: BinaryIO) -> str:
    file.seek(0)
    return signatures.media_type(file.read(signatures.ENOUGH))


@contextmanager
def _bytes_of(source: Media) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    with source.open("rb") as file:
        yield file


@contextmanager
def _complaints_translated() -> Iterator[None]:
    try:
        yield
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels", str(error)) from error
    except UnidentifiedImageError as error:
        raise Unreadable("broken", "the header cannot be read") from error
    except (OSError, EOFError) as error:
        cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
        raise Unreadable("truncated" if cut else "broken", str(error)[:200]) from error
    except (ValueError, SyntaxError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise Unreadable("broken", str(error)[:200]) from error
    except (RuntimeError, struct.error, zlib.error) as error:
        raise Unreadable("broken", str(error)[:200]) from error
