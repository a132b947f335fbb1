"""The band of words on a derived copy."""

from io import BytesIO

import pytest
from PIL import Image

from media.images import (
    Caption,
    Copy,
    watermark,
)
from media.images.lettering import fitted, plain, width, wrapped
from tests.factories import photos

CAPTION = Caption(
    "09:30:12",
    "2026年5月25日 周一",
    (("地点", "云溪县人民医院扩建工程"), ("督查员", "林夏"), ("事项", "督〔2026〕17号")),
    "SHA-256 a1b2c3d4e5f6",
    "直查·云溪县人民政府督查室",
)


def shown(copy: Copy) -> Image.Image:
    return Image.open(BytesIO(copy.data)).convert("RGB")


def near(pixel: object, wanted: tuple[int, int, int], tolerance: int = 40) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("size", [(2000, 1500), (1500, 2000), (2048, 380), (120, 90), (300, 1800)])
def test_the_watermark_covers_nothing_and_fits(size: tuple[int, int]) -> None:
    long = Caption(
        "09:30:12",
        "2026年5月25日 周一",
        (("地点", "云溪县清水河镇石板桥村" * 12), ("督查员", "欧阳喆翀㛃镕、" * 9), ("Item", "W" * 300)),
        "SHA-256 a1b2c3d4e5f6",
        "直查·" + "云溪县人民政府督查室" * 4,
    )
    plate = Image.new("RGB", size, (0, 160, 90))
    for caption in (CAPTION, long):
        copy = watermark(photos.encoded(plate, "PNG"), caption)
        image = shown(copy)
        band = copy.height - size[1]
        assert copy.width == max(size[0], 560)
        assert 60 < band < max(copy.width, copy.height)
        left = (copy.width - size[0]) // 2
        middle = image.crop((left, 0, left + size[0], size[1])).resize((1, 1)).getpixel((0, 0))
        assert near(middle, (0, 160, 90), 12)
        edge = image.crop((0, size[1], copy.width, copy.height))
        for strip in ((0, 4, 8, band), (edge.width - 8, 4, edge.width, band), (0, band - 5, edge.width, band)):
            low, high = edge.crop(strip).convert("L").getextrema()
            assert low > 240, "words run into the margin"
            assert high == 255


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (160, 120)])
def test_a_white_picture_ends_at_a_line_that_covers_nothing(size: tuple[int, int]) -> None:
    image = shown(watermark(photos.encoded(Image.new("RGB", size, "white"), "PNG"), CAPTION)).convert("L")
    middle = image.width // 2
    assert image.crop((middle - 5, 0, middle + 5, size[1] - 8)).getextrema() == (255, 255)
    assert image.getpixel((middle, size[1])) < 235


def test_the_watermark_says_its_words_in_ink() -> None:
    plate = photos.encoded(Image.new("RGB", (1600, 1200), "white"), "PNG")
    bare = watermark(plate, Caption("", "", (), "", ""))
    full = watermark(plate, CAPTION)
    dark = sum(shown(full).convert("L").histogram()[:90])
    assert dark > 2000 > 100 + sum(shown(bare).convert("L").histogram()[:60])


def test_lines_break_like_chinese_and_end_in_an_ellipsis() -> None:
    text = "云溪县人民医院扩建工程安全生产督查，消防通道被占用。"
    lines = wrapped(text, 20, 300, 2)
    assert "".join(lines) == text
    assert abs(width(lines[0], 20) - width(lines[1], 20)) <= 60
    assert not lines[1].startswith((",", "。"))
    assert wrapped(text * 4, 20, 300, 2)[1].endswith("…")
    assert wrapped("Maximilian Hohenzollern", 20, 160, 2) == ["Maximilian", "Hohenzollern"]
    assert all(width(line, 20) <= 300 for line in wrapped("W" * 90, 20, 300, 3))
    assert fitted("短", 20, 300) == "短"
    assert fitted("很长的一行字", 20, 60).endswith("…")
    assert wrapped("", 20, 300, 2) == []


def test_hostile_text_is_made_plain() -> None:
    assert plain("林\u202e夏\n\t督\u200b查\0 室 ") == "林夏 督查 室"
    strange = Caption("😀", "\U0010ffff", (("𠮷", "\u202e‮" + "é" * 5000),), "", "")
    assert watermark(photos.jpeg(900, 600), strange).width == 900
    assert watermark(photos.encoded(Image.new("RGB", (1, 1)), "PNG"), strange).width == 560
