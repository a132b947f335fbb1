"""Pictures as strangers send them: read right, shown upright, refused with a reason, and never touched."""

import hashlib
import random
import struct
import zlib
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms

from media.images import (
    Caption,
    Copy,
    ImageFacts,
    Unreadable,
    VideoFacts,
    draw_copies,
    inspect,
    preview,
    thumbnail,
    watermark,
)
from media.images.signatures import HEIC_BRANDS
from tests.factories import photos

CAPTION = Caption(
    "09:30:12",
    "2026年5月25日 周一",
    (("地点", "云溪县人民医院扩建工程"), ("督查员", "林夏"), ("事项", "督〔2026〕17号")),
    "SHA-256 a1b2c3d4e5f6",
    "直查·云溪县人民政府督查室",
)


def heic(image: Image.Image, exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    options = {"exif": exif.tobytes()} if exif else {}
    pillow_heif.from_pillow(image).save(out, quality=70, **options)
    return out.getvalue()


def shown(copy: Copy) -> Image.Image:
    return Image.open(BytesIO(copy.data)).convert("RGB")


def near(pixel: object, wanted: tuple[int, int, int], tolerance: int = 40) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, wanted, strict=True))


def upright(image: Image.Image, height: int | None = None) -> bool:
    """Red in the upper left corner, blue in the lower right one."""
    low = (height or image.height) - 6
    return near(image.getpixel((5, 5)), photos.RED) and near(image.getpixel((image.width - 6, low)), photos.BLUE)


def refused(data: bytes | Path) -> str:
    codes = set()
    for act in (inspect, thumbnail, preview, lambda d: watermark(d, CAPTION), lambda d: draw_copies(d, CAPTION)):
        with pytest.raises(Unreadable) as refusal:
            act(data)
        codes.add(refusal.value.code)
        assert refusal.value.detail
    (code,) = codes
    return code


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_shown_upright(orientation: int) -> None:
    data = photos.jpeg(1000, 700, orientation=orientation)
    facts = inspect(data)
    assert isinstance(facts, ImageFacts)
    assert (facts.width, facts.height, facts.orientation) == (1000, 700, orientation)
    copies = draw_copies(data, CAPTION)
    assert copies.watermark is not None
    assert (copies.thumbnail.width, copies.thumbnail.height) == (480, 336)
    assert (copies.preview.width, copies.preview.height) == (1000, 700)
    assert upright(shown(copies.thumbnail))
    assert upright(shown(copies.preview))
    assert upright(shown(copies.watermark), 700)


def test_what_a_phone_wrote_is_read() -> None:
    facts = inspect(photos.small_photo())
    assert isinstance(facts, ImageFacts)
    assert facts.taken_at == datetime(2026, 5, 25, 9, 30, 12, tzinfo=timezone(timedelta(hours=8)))
    assert (facts.make, facts.model, facts.media_type) == ("Zhicha", "Field Phone 7", "image/jpeg")
    assert facts.gps is not None
    assert facts.gps.latitude == pytest.approx(photos.PLACE[0], abs=1e-6)
    assert facts.gps.longitude == pytest.approx(photos.PLACE[1], abs=1e-6)
    assert facts.gps.altitude_m == pytest.approx(243.5)


def test_a_photo_without_exif_has_facts_too() -> None:
    facts = inspect(photos.jpeg(640, 480, with_exif=False))
    assert facts == ImageFacts("image/jpeg", 640, 480, 1, None, None, None, None)


def test_absurd_exif_is_no_error() -> None:
    tags = Image.Exif()
    tags[0x0112] = 77
    tags[0x010F] = "\0\x07 \0"
    tags.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    tags.get_ifd(0x8825).update({1: "N", 2: (999.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)})
    facts = inspect(photos.encoded(photos.scene(320, 240), "JPEG", exif=tags))
    assert facts == ImageFacts("image/jpeg", 320, 240, 1, None, None, None, None)
    broken = photos.encoded(photos.scene(320, 240), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(range(99)))
    assert inspect(broken) == facts


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_types_are_shown(form: str) -> None:
    data = photos.encoded(photos.scene(900, 600), form)
    facts = inspect(data)
    assert isinstance(facts, ImageFacts)
    assert (facts.media_type, facts.width, facts.height) == (f"image/{form.lower()}", 900, 600)
    assert upright(shown(preview(data)))


def test_heic_is_shown_upright() -> None:
    data = heic(photos.scene(900, 600), photos.exif())
    facts = inspect(data)
    assert isinstance(facts, ImageFacts)
    assert (facts.media_type, facts.width, facts.height) == ("image/heic", 900, 600)
    assert facts.model == "Field Phone 7"
    assert facts.gps is not None
    turned = heic(photos.scene(900, 600).transpose(Image.Transpose.ROTATE_90), photos.exif(6))
    for picture in (data, turned):
        copy = preview(picture)
        assert (copy.width, copy.height) == (900, 600)
        assert upright(shown(copy))


@pytest.mark.parametrize("brand", sorted(HEIC_BRANDS))
def test_heic_is_read_under_each_of_its_brands(brand: bytes) -> None:
    made = heic(photos.scene(900, 600))
    assert made[4:8] == b"ftyp"
    facts = inspect(made[:8] + brand + made[12:])
    assert isinstance(facts, ImageFacts)
    assert (facts.media_type, facts.width, facts.height) == ("image/heic", 900, 600)


def test_a_sequence_and_a_deep_picture_say_so_by_brands_that_are_known() -> None:
    """What the encoder itself writes: still pictures of 8 and of 10 bits, and several pictures in one file."""
    deep = BytesIO()
    pillow_heif.from_bytes("RGB;16", (320, 240), b"\x00\x80" * (320 * 240 * 3)).save(deep, quality=70)
    several = BytesIO()
    file = pillow_heif.from_pillow(photos.scene(320, 240))
    file.add_from_pillow(photos.scene(320, 240, 2))
    file.save(several, quality=70)
    for made in (heic(photos.scene(320, 240)), deep.getvalue(), several.getvalue()):
        assert made[8:12] in HEIC_BRANDS
        assert isinstance(inspect(made), ImageFacts)


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    assert near(shown(thumbnail(photos.encoded(clear, "PNG"))).getpixel((150, 100)), (255, 255, 255), 1)
    data = photos.encoded(clear.quantize(4), "PNG")
    assert near(shown(thumbnail(data)).getpixel((150, 100)), (255, 255, 255), 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_mode_of_pixels_is_shown(mode: str) -> None:
    if mode == "I;16":
        image = Image.frombytes("I;16", (64, 64), struct.pack("<H", 0x8000) * 64 * 64)
    else:
        image = Image.new("RGB", (64, 64), (128, 128, 128))
        image = image.quantize(4) if mode == "P" else image.convert(mode)
    data = photos.encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    pixel = shown(preview(data)).getpixel((8, 8))
    assert mode == "1" or near(pixel, (128, 128, 128), 6)


def test_colours_are_turned_into_srgb() -> None:
    swapped = ImageCms.ImageCmsProfile(BytesIO(_profile_with_red_and_blue_swapped()))
    data = photos.encoded(Image.new("RGB", (64, 64), (220, 30, 30)), "JPEG", icc_profile=swapped.tobytes())
    assert near(shown(preview(data)).getpixel((30, 30)), (30, 30, 220))
    nonsense = photos.encoded(Image.new("RGB", (64, 64), (220, 30, 30)), "JPEG", icc_profile=b"not a profile")
    assert near(shown(preview(nonsense)).getpixel((30, 30)), (220, 30, 30))


def _profile_with_red_and_blue_swapped() -> bytes:
    """sRGB whose tags of the red and the blue primary have changed places."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data.replace(b"rXYZ", b"qXYZ").replace(b"bXYZ", b"rXYZ").replace(b"qXYZ", b"bXYZ")


def test_copies_tell_nothing_of_the_camera() -> None:
    copies = draw_copies(photos.small_photo(), CAPTION)
    assert copies.watermark is not None
    for copy in (copies.thumbnail, copies.preview, copies.watermark):
        image = Image.open(BytesIO(copy.data))
        assert len(image.getexif()) == 0
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert b"Field Phone" not in copy.data


def test_sizes_of_copies() -> None:
    copies = draw_copies(photos.photo(), CAPTION)
    assert (copies.thumbnail.media_type, copies.thumbnail.width, copies.thumbnail.height) == ("image/webp", 480, 360)
    assert (copies.preview.media_type, copies.preview.width, copies.preview.height) == ("image/jpeg", 1600, 1200)
    assert copies.watermark is not None
    assert (copies.watermark.media_type, copies.watermark.width) == ("image/jpeg", 2048)
    assert copies.watermark.height > 1536
    assert len(copies.thumbnail.data) < 60_000
    small = draw_copies(photos.jpeg(200, 150), None)
    assert (small.preview.width, small.preview.height, small.watermark) == (200, 150, None)


def test_the_original_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "original.jpg"
    path.write_bytes(photos.small_photo())
    path.chmod(0o440)
    before = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
    inspect(path)
    draw_copies(path, CAPTION)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    data = photos.encoded(photos.scene(800, 600), form)
    assert refused(data[: int(len(data) * share)]) in ("truncated", "broken")


def test_a_truncated_jpeg_and_heic_say_why() -> None:
    data = photos.small_photo()
    assert refused(data[: len(data) // 2]) == "truncated"
    still = heic(photos.scene(800, 600))
    assert refused(still[: len(still) // 2]) in ("truncated", "broken")


def test_damage_within_a_png_is_noticed() -> None:
    data = bytearray(photos.encoded(photos.scene(800, 600), "PNG"))
    data[len(data) // 2] ^= 0xFF
    assert refused(bytes(data)) == "broken"


def test_a_decompression_bomb_is_refused_before_it_bursts() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    for side in (9_000, 60_000, 2**31 - 1):
        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        lines = zlib.compress(bytes(1_000_000))
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
        assert refused(bomb) == "too_many_pixels"


def test_a_huge_baseline_photo_is_read_but_a_progressive_one_is_not() -> None:
    image = Image.new("L", (10_000, 6_600), 120)
    facts = inspect(photos.encoded(image, "JPEG"))
    assert isinstance(facts, ImageFacts)
    assert thumbnail(photos.encoded(image, "JPEG")).width == 480
    assert refused(photos.encoded(image, "JPEG", progressive=True)) == "too_many_pixels"


def test_what_is_no_picture_is_refused_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text("督查记录：这不是照片\n" * 100)
    assert refused(path) == "not_media"
    assert refused(b"") == "empty"
    assert refused(random.Random(1).randbytes(5000)) == "not_media"
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_media"
    for form in ("GIF", "BMP", "TIFF"):
        assert refused(photos.encoded(photos.scene(64, 64), form)) == "type_refused"
    assert refused(photos.encoded(photos.scene(64, 64), "AVIF")) == "type_refused"


def test_a_header_with_nothing_behind_it_is_refused() -> None:
    assert refused(b"\xff\xd8\xff\xe0" + bytes(400)) in ("broken", "truncated")
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(400)) in ("broken", "truncated")
    assert refused(b"RIFF\x10\0\0\0WEBPVP8 " + bytes(40)) in ("broken", "truncated")
    assert refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)) in ("broken", "truncated")


def test_random_damage_never_escapes_as_another_error() -> None:
    chance = random.Random(11)
    sources = [photos.encoded(photos.scene(200, 150), form) for form in ("JPEG", "PNG", "WEBP")]
    sources += [heic(photos.scene(200, 150)), photos.jpeg(200, 150)]
    for source in sources:
        for _ in range(40):
            data = bytearray(source)
            for _ in range(chance.randint(1, 12)):
                data[chance.randrange(min(len(data), chance.choice((64, 400, len(data)))))] = chance.randrange(256)
            try:
                draw_copies(bytes(data), None)
                inspect(bytes(data))
            except Unreadable:
                pass


def test_a_recording_is_recognised_and_checked() -> None:
    data = photos.mp4(1280, 720, duration_ms=2500)
    assert inspect(data) == VideoFacts("video/mp4", 1280, 720, 2500)
    for broken, code in (
        (data[:-100], "truncated"),
        (data[:30], "truncated"),
        (data.replace(b"mdat", b"free"), "broken"),
        (data.replace(b"moov", b"free"), "truncated"),
    ):
        with pytest.raises(Unreadable) as refusal:
            inspect(broken)
        assert refusal.value.code == code
    with pytest.raises(Unreadable) as refusal:
        thumbnail(data)
    assert refusal.value.code == "type_refused"
