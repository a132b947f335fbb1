"""Copies drawn from an original: thumbnail, preview and the watermarked copy.

All are upright, in sRGB, on white where the original was transparent, and carry no metadata: what the
camera wrote stays in the original, to which access is a matter of its own. Everything here blocks.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms

from media.images import signatures
from media.images.opening import Media, Picture, opened
from media.images.watermark import Caption, watermarked

THUMBNAIL_EDGE = 480
PREVIEW_EDGE = 1600
WATERMARK_EDGE = 2048

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Copy:
    """An encoded picture; sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Copies:
    """What one decoding of an original gives."""

    thumbnail: Copy
    preview: Copy
    watermark: Copy | None


def thumbnail(source: Media) -> Copy:
    """WebP of at most 480 px. Raises Unreadable."""
    return _thumbnail(_display(source, THUMBNAIL_EDGE))


def preview(source: Media) -> Copy:
    """Progressive JPEG of at most 1600 px. Raises Unreadable."""
    return _preview(_display(source, PREVIEW_EDGE))


def watermark(source: Media, caption: Caption) -> Copy:
    """JPEG of at most 2048 px, plus the band with the caption. Raises Unreadable."""
    return _watermark(_display(source, WATERMARK_EDGE), caption)


def draw_copies(source: Media, caption: Caption | None) -> Copies:
    """All copies from one decoding; no watermark without a caption. Raises Unreadable."""
    image = _display(source, WATERMARK_EDGE if caption else PREVIEW_EDGE)
    marked = _watermark(image, caption) if caption else None
    image = _within(image, PREVIEW_EDGE)
    return Copies(_thumbnail(image), _preview(image), marked)


def _display(source: Media, edge: int) -> Image.Image:
    with opened(source, edge) as picture:
        small = _within(_eight_bit(picture.image), edge)
        image = _in_srgb(small, picture)
        turn = _UPRIGHT.get(picture.exif.orientation)
        return image.transpose(turn) if turn is not None else image


def _within(image: Image.Image, edge: int) -> Image.Image:
    share = edge / max(image.size)
    if share >= 1:
        return image
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _eight_bit(image: Image.Image) -> Image.Image:
    """A mode that can be scaled and converted without losing tones or transparency."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, picture: Picture) -> Image.Image:
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGB" if image.mode == "RGBA" else "L")
    if icc := picture.image.info.get("icc_profile"):
        image = _converted(image, icc)
    image = image.convert("RGB")
    if alpha is not None:
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    image.info.clear()
    return image


def _converted(image: Image.Image, icc: bytes) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken or foreign profile: the plain numbers are the best guess
    return done if done is not None else image


def _thumbnail(image: Image.Image) -> Copy:
    return _encoded(_within(image, THUMBNAIL_EDGE), "WEBP", signatures.WEBP, quality=76, method=4)


def _preview(image: Image.Image) -> Copy:
    return _encoded(image, "JPEG", signatures.JPEG, quality=82, optimize=True, progressive=True)


def _watermark(image: Image.Image, caption: Caption) -> Copy:
    return _encoded(watermarked(image, caption), "JPEG", signatures.JPEG, quality=88, subsampling=0)


def _encoded(image: Image.Image, form: str, media_type: str, **options: int | bool) -> Copy:
    out = BytesIO()
    image.save(out, form, **options)
    return Copy(out.getvalue(), media_type, image.width, image.height)
