"""Photographs as phones make them, the same for the same seed: scenes with light, edges and sensor noise.

Not one of them is of a real place; all can be recognised (turned, cropped, scaled) by the red square in
the upper left corner and the blue one in the lower right.
"""

import random
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, TiffImagePlugin

RED, BLUE = (214, 40, 40), (30, 70, 200)
PLACE = (29.563_21, 106.551_23)
TAKEN = "2026:05:25 09:30:12"


def scene(width: int, height: int, seed: int = 1) -> Image.Image:
    """An upright RGB picture of a building site that never was."""
    chance = random.Random(seed)
    image = Image.linear_gradient("L").resize((width, height))
    sky = Image.new("RGB", (width, height), (chance.randint(90, 160), 170, 205))
    image = Image.composite(Image.new("RGB", (width, height), (120, 116, 104)), sky, image)
    draw = ImageDraw.Draw(image)
    for _ in range(90):
        x, y = chance.randrange(width), chance.randrange(height // 4, height)
        w, h = chance.randrange(width // 40, width // 6), chance.randrange(height // 40, height // 4)
        tone = chance.randint(40, 220)
        fill = (tone, max(0, tone - chance.randint(0, 40)), max(0, tone - chance.randint(0, 60)))
        draw.rectangle((x, y, x + w, y + h), fill=fill, outline=(30, 30, 30), width=max(1, width // 800))
    side = min(width, height) // 8
    draw.rectangle((0, 0, side, side), fill=RED)
    draw.rectangle((width - side - 1, height - side - 1, width, height), fill=BLUE)
    return image


def _noisy(image: Image.Image, seed: int, share: float) -> Image.Image:
    if share == 0:
        return image
    tile = random.Random(seed).randbytes(512 * 512)
    grain = Image.frombytes("L", (512, 512), tile).filter(ImageFilter.GaussianBlur(0.6))
    sheet = Image.new("L", image.size)
    for x in range(0, image.width, 512):
        for y in range(0, image.height, 512):
            sheet.paste(grain, (x, y))
    return Image.blend(image, Image.merge("RGB", (sheet, sheet, sheet)), share)


def exif(orientation: int = 1, *, gps: bool = True, taken: str | None = TAKEN) -> Image.Exif:
    """EXIF of a phone: maker, time with offset, orientation, position."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Zhicha", "Field Phone 7", orientation
    if taken:
        tags.get_ifd(0x8769).update({0x9003: taken, 0x9011: "+08:00"})
    if gps:
        latitude, longitude = PLACE
        tags.get_ifd(0x8825).update(
            {1: "N", 2: _dms(latitude), 3: "E", 4: _dms(longitude), 5: b"\0", 6: _rational(243.5)}
        )
    return tags


def jpeg(
    width: int = 1600,
    height: int = 1200,
    *,
    seed: int = 1,
    orientation: int = 1,
    with_exif: bool = True,
    gps: bool = True,
    noise: float = 0.0,
    quality: int = 85,
    **options: Any,
) -> bytes:
    """A JPEG that is *shown* `width` by `height`, stored turned as `orientation` demands."""
    image = _noisy(scene(width, height, seed), seed, noise)
    image = _stored(image, orientation)
    if with_exif:
        options["exif"] = exif(orientation, gps=gps)
    return encoded(image, "JPEG", quality=quality, **options)


def small_photo(seed: int = 1, *, with_exif: bool = True) -> bytes:
    """About 300 KB, as a messenger or a preview would make it."""
    return jpeg(1600, 1200, seed=seed, with_exif=with_exif, noise=0.16, quality=76)


def photo(seed: int = 1, *, with_exif: bool = True) -> bytes:
    """About 3 MB and 12 megapixels, what most phones make."""
    return jpeg(4032, 3024, seed=seed, with_exif=with_exif, noise=0.23, quality=84)


def large_photo(seed: int = 1, *, with_exif: bool = True) -> bytes:
    """About 5 MB and 12 megapixels, at the camera's best quality."""
    return jpeg(4032, 3024, seed=seed, with_exif=with_exif, noise=0.36, quality=89)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The picture in a file format."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def mp4(width: int = 1280, height: int = 720, *, duration_ms: int = 2500) -> bytes:
    """The container of a short recording: every box in its place, but nothing a player could show."""
    header = _box(b"mvhd", bytes(12) + (1000).to_bytes(4, "big") + duration_ms.to_bytes(4, "big") + bytes(80))
    size = (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
    track = _box(b"trak", _box(b"tkhd", bytes(76) + size))
    brands = _box(b"ftyp", b"isom" + (512).to_bytes(4, "big") + b"isomiso2avc1mp41")
    return brands + _box(b"moov", header + track) + _box(b"mdat", random.Random(7).randbytes(4000))


def _box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _stored(image: Image.Image, orientation: int) -> Image.Image:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _rational(value: float) -> TiffImagePlugin.IFDRational:
    return TiffImagePlugin.IFDRational(round(value * 10_000), 10_000)


def _dms(value: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return _rational(degrees), _rational(minutes), _rational((value - degrees - minutes / 60) * 3600)
