"""Photographs of the story, drawn: building sites that never were, in the light of an overcast morning."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1600, 1200)
_W, _H = SIZE
Scene = Callable[[ImageDraw.ImageDraw, random.Random], None]
_Colour = tuple[int, int, int]

_STEEL, _RUST = (122, 124, 126), (141, 96, 66)
_CONCRETE, _SHADE, _DARK = (171, 167, 158), (132, 128, 120), (58, 56, 54)
_NET, _BLUE, _YELLOW, _RED = (58, 128, 82), (56, 108, 168), (226, 178, 44), (190, 58, 46)


def photograph(scene: str, seed: int, at: datetime) -> bytes:
    """A JPEG of one of ``SCENES``, the same for the same seed, with the time of the shutter in its EXIF."""
    chance = random.Random(seed)  # noqa: S311  (a picture, not a secret)
    picture = _ground(chance)
    SCENES[scene](ImageDraw.Draw(picture, "RGBA"), chance)
    picture = _as_taken(picture, chance)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Zhicha", "Field Phone"
    exif.get_ifd(0x8769).update({0x9003: at.strftime("%Y:%m:%d %H:%M:%S"), 0x9011: at.strftime("%z")[:3] + ":00"})
    out = BytesIO()
    picture.save(out, "JPEG", quality=86, exif=exif)
    return out.getvalue()


def _ground(chance: random.Random) -> Image.Image:
    """Sky, distant hills, bare earth."""
    ramp = Image.linear_gradient("L").resize(SIZE)
    picture = Image.composite(Image.new("RGB", SIZE, (222, 226, 228)), Image.new("RGB", SIZE, (158, 180, 198)), ramp)
    draw = ImageDraw.Draw(picture)
    for base, tone in ((560, (150, 166, 170)), (640, (124, 144, 138))):
        line = [(x, base - chance.randint(0, 130)) for x in range(0, _W + 160, 160)]
        draw.polygon([(0, _H), *line, (_W, _H)], fill=tone)
    draw.rectangle((0, 780, _W, _H), fill=(146, 126, 102))
    for _ in range(900):
        x, y = chance.randrange(_W), chance.randrange(790, _H)
        r, shade = chance.randint(1, 6), chance.randint(-22, 22)
        draw.ellipse((x, y, x + 2 * r, y + r), fill=(146 + shade, 126 + shade, 102 + shade))
    return picture


def _as_taken(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Soft lens, dark corners, sensor grain, a hand that is never quite level."""
    picture = picture.filter(ImageFilter.GaussianBlur(0.8))
    tilt = chance.uniform(-1.6, 1.6)
    picture = picture.rotate(tilt, Image.Resampling.BICUBIC).crop((40, 30, _W - 40, _H - 30)).resize(SIZE)
    corners = Image.radial_gradient("L").resize(SIZE).point(lambda value: int(value * 0.22))
    picture = Image.composite(Image.new("RGB", SIZE, (22, 20, 18)), picture, corners)
    grain = Image.frombytes("L", (400, 300), chance.randbytes(400 * 300)).resize(SIZE)
    return Image.blend(picture, Image.merge("RGB", (grain, grain, grain)), 0.045)


def _building(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, storeys: int) -> list[int]:
    """A concrete frame without its walls; returns the heights of the slabs."""
    pitch = (860 - top) // storeys
    slabs = [top + n * pitch for n in range(storeys + 1)]
    for upper, lower in itertools.pairwise(slabs):
        draw.rectangle((left, upper, right, lower), fill=_DARK)
        draw.polygon([(left, lower), (left + 60, lower - 40), (right - 60, lower - 40), (right, lower)], fill=_SHADE)
        for x in range(left, right + 1, (right - left) // 5):
            draw.rectangle((x - 13, upper, x + 13, lower), fill=_CONCRETE)
    for y in slabs:
        draw.rectangle((left - 12, y - 12, right + 12, y + 12), fill=_CONCRETE)
    return slabs


def _scaffold(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, *, gap: bool) -> None:
    """Poles, ledgers and the green net, which hangs loose where the ties are missing."""
    for x in range(left, right, 92):
        draw.line((x, top - 46, x, 900), fill=_STEEL, width=8)
    for y in range(top, 900, 104):
        draw.line((left - 20, y, right + 10, y), fill=_STEEL, width=7)
        draw.rectangle((left - 12, y + 6, right, y + 17), fill=_RUST)
    for x in range(left, right - 100, 184):
        draw.line((x, 900, x + 184, top), fill=(*_STEEL, 200), width=5)
    for n, x in enumerate(range(left, right - 92, 92)):
        for m, y in enumerate(range(top, 880, 104)):
            if gap and n in (3, 4, 5) and m in (1, 2, 3):
                continue
            draw.rectangle((x, y, x + 92, y + 104), fill=(*_NET, 176 + 18 * ((n + m) % 3)))


def _unfixed_scaffold(draw: ImageDraw.ImageDraw, _: random.Random) -> None:
    _building(draw, 260, 150, 1420, 6)
    _scaffold(draw, 240, 170, 1440, gap=True)
    draw.polygon([(700, 500), (812, 470), (842, 640), (760, 690)], fill=(*_NET, 220))


def _open_edge(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _building(draw, 120, 90, 1560, 4)
    draw.polygon([(0, 1200), (0, 940), (1600, 820), (1600, 1200)], fill=_CONCRETE)
    draw.line((0, 940, 1600, 820), fill=(206, 202, 192), width=10)
    for x in (90, 300, 510):
        draw.line((x, 930 - x // 14, x, 730 - x // 14), fill=_YELLOW, width=14)
    draw.line((60, 760, 520, 726), fill=_RED, width=12)
    draw.line((60, 840, 520, 806), fill=_RED, width=12)
    for _ in range(26):
        x, y = chance.randrange(700, 1500), chance.randrange(930, 1150)
        draw.line((x, y, x + chance.randint(60, 260), y - chance.randint(5, 40)), fill=_RUST, width=7)


def _broken_hoarding(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _building(draw, 620, 210, 1180, 4)
    for n, x in enumerate(range(-40, 1640, 150)):
        if n in (6, 7):
            continue
        fade = chance.randint(-10, 10)
        draw.rectangle((x, 520, x + 146, 930), fill=(_BLUE[0] + fade, _BLUE[1] + fade, _BLUE[2] + fade))
        for rib in range(x + 12, x + 146, 24):
            draw.line((rib, 524, rib, 926), fill=(40, 84, 138), width=5)
        draw.rectangle((x, 520, x + 146, 536), fill=(226, 230, 232))
    draw.polygon([(846, 926), (1140, 1010), (1220, 1120), (920, 1010)], fill=(48, 92, 148))
    draw.polygon([(980, 1010), (1230, 1060), (1190, 1160), (1010, 1120)], fill=(60, 112, 172))


def _open_switchbox(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((0, 0, 1600, 1200), fill=(150, 146, 138))
    for y in range(0, 1200, 74):
        for x in range(-(y // 74 % 2) * 90, 1600, 180):
            tone = chance.randint(-14, 14)
            draw.rectangle((x + 3, y + 3, x + 176, y + 70), fill=(164 + tone, 112 + tone, 88 + tone))
    draw.rectangle((520, 220, 1080, 960), fill=(206, 208, 204), outline=(120, 122, 120), width=10)
    draw.rectangle((556, 256, 1044, 924), fill=(70, 74, 76))
    draw.polygon([(1080, 220), (1360, 150), (1360, 1020), (1080, 960)], fill=(188, 190, 186))
    draw.polygon([(1190, 420), (1260, 560), (1120, 574)], fill=_YELLOW)
    for n in range(6):
        x = 600 + n * 72
        draw.rectangle((x, 330, x + 50, 480), fill=(32, 34, 36))
        draw.rectangle((x + 18, 370, x + 32, 430), fill=(220, 220, 214))
    for n, colour in enumerate((_RED, _YELLOW, (40, 120, 60), _BLUE, (30, 30, 30))):
        x = 640 + n * 84
        points = [(x, 480), (x + chance.randint(-60, 60), 640), (x + chance.randint(-140, 140), 900)]
        draw.line([*points, (x + chance.randint(-260, 120), 1180)], fill=colour, width=13, joint="curve")


def _bare_heap(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.polygon([(120, 980), (430, 560), (720, 470), (1010, 540), (1490, 980)], fill=(164, 134, 98))
    draw.polygon([(720, 470), (1010, 540), (1490, 980), (900, 980)], fill=(138, 110, 80))
    for _ in range(1500):
        x = chance.randrange(150, 1460)
        y = chance.randrange(560, 976)
        if y < 560 + abs(x - 760) * 0.6:
            continue
        tone, r = chance.randint(-26, 26), chance.randint(2, 7)
        draw.ellipse((x, y, x + 2 * r, y + r), fill=(152 + tone, 124 + tone, 92 + tone))
    draw.polygon([(120, 980), (260, 790), (450, 830), (400, 985)], fill=(*_NET, 230))
    for x in range(140, 420, 36):
        draw.line((x, 980, x + 90, 820), fill=(40, 100, 62, 160), width=3)
    draw.rectangle((1180, 700, 1500, 860), fill=_YELLOW)
    draw.polygon([(1200, 700), (1250, 600), (1380, 600), (1390, 700)], fill=(70, 84, 92))
    draw.line((1180, 720, 1010, 560, 930, 690), fill=(206, 158, 36), width=32, joint="curve")
    draw.rectangle((1160, 860, 1520, 930), fill=(44, 44, 44))


def _blocked_exit(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((0, 0, 1600, 1200), fill=(186, 182, 172))
    draw.polygon([(0, 1200), (420, 860), (1180, 860), (1600, 1200)], fill=(126, 122, 114))
    draw.polygon([(0, 0), (420, 190), (420, 860), (0, 1200)], fill=(160, 156, 146))
    draw.polygon([(1600, 0), (1180, 190), (1180, 860), (1600, 1200)], fill=(150, 146, 138))
    draw.rectangle((620, 330, 980, 860), fill=(96, 60, 46), outline=(60, 40, 32), width=10)
    draw.rectangle((650, 240, 950, 308), fill=(24, 122, 72))
    draw.polygon([(900, 250), (936, 274), (900, 298)], fill=(232, 240, 232))
    draw.rectangle((676, 264, 880, 284), fill=(232, 240, 232))
    for _ in range(16):
        x, y = chance.randrange(420, 1000), chance.randrange(650, 940)
        w, h, tone = chance.randint(120, 240), chance.randint(60, 120), chance.randint(-20, 20)
        draw.rectangle((x, y, x + w, y + h), fill=(176 + tone, 146 + tone, 104 + tone), outline=(96, 76, 52), width=4)
    for n in range(9):
        draw.line((470 + n * 14, 1080 - n * 9, 1130 + n * 10, 980 - n * 12), fill=_RUST, width=9)


SCENES: dict[str, Scene] = {
    "scaffold": _unfixed_scaffold,
    "edge": _open_edge,
    "hoarding": _broken_hoarding,
    "switchbox": _open_switchbox,
    "heap": _bare_heap,
    "exit": _blocked_exit,
}
