"""What a file is, by its first bytes. Names and declared types prove nothing."""

from media.images.errors import Unreadable

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
MP4 = "video/mp4"
QUICKTIME = "video/quicktime"

ENOUGH = 64
"""Bytes `media_type` needs to see."""

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
"""Brands of HEIF files with HEVC pictures; the phone knows the same ones (`make api`). AVIF goes under the last two as
well, which the compatible brands then say."""

_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"3gp4"}
    | {b"3gp5", b"3gp6", b"dash", b"f4v ", b"mmp4"}
)
_REFUSED = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
)


def media_type(head: bytes) -> str:
    """Media type of a file that begins with `head`. Raises Unreadable: empty, not_media or type_refused."""
    if not head:
        raise Unreadable("empty", "no bytes")
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    for magic, name in _REFUSED:
        if head.startswith(magic):
            raise Unreadable("type_refused", name)
    raise Unreadable("not_media", "no known signature")


def _of_brands(head: bytes) -> str:
    brand = head[8:12]
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {brand, *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & {b"avif", b"avis"}:
        raise Unreadable("type_refused", "AVIF")
    if brand in HEIC_BRANDS:
        return HEIC
    if brand == b"qt  ":
        return QUICKTIME
    if brands & _MP4_BRANDS:
        return MP4
    raise Unreadable("type_refused", f"container brand {brand!r}")
