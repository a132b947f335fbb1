"""The copy for display: the whole picture, and beneath it a band that says when, where, by whom and for what.

The band stands below the picture instead of on it, so nothing of the evidence is covered and the
words are legible whatever the picture shows. It is drawn on a copy; the original is never
written to.
"""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from media.images.lettering import fitted, font, plain, width, wrapped

PAPER = "#FFFFFF"
SURROUND = "#EEF0F3"
INK = "#15181D"
QUIET = "#626A75"
RULE = "#D8DCE2"
ACCENT = "#1554A8"

NARROWEST = 560
"""Pixels the band needs to be readable; a narrower picture is centred over it."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of the band, already in the reader's language.

    `time` and `date` are set large and first, `rows` are (label, text) in order, `mark` is what
    ties the copy to its original (the beginning of the digest), `issuer` who stands for it.
    """

    time: str
    date: str
    rows: tuple[tuple[str, str], ...]
    mark: str
    issuer: str


@dataclass(frozen=True, slots=True)
class _Sizes:
    text: int
    time: int
    small: int
    pad: int
    step: int
    gap: int
    wide: bool


@dataclass(frozen=True, slots=True)
class _Rows:
    """(offset from the top, label, its lines) of each row, where their text begins, and how high they are."""

    laid: list[tuple[int, str, list[str]]]
    begin: int
    height: int


def watermarked(picture: Image.Image, caption: Caption) -> Image.Image:
    """A new RGB picture with the band beneath. `picture` is upright, in sRGB, and left as it was."""
    across = max(picture.width, NARROWEST)
    sizes = _sizes(across, picture.height)
    words = Caption(
        plain(caption.time),
        plain(caption.date),
        tuple((plain(label), plain(text)) for label, text in caption.rows),
        plain(caption.mark),
        plain(caption.issuer),
    )
    band = _wide_band(across, words, sizes) if sizes.wide else _stacked_band(across, words, sizes)
    sheet = Image.new("RGB", (across, picture.height + band.height), SURROUND)
    sheet.paste(picture, ((across - picture.width) // 2, 0))
    sheet.paste(band, (0, picture.height))
    # Where a bright picture ends must be seen: the line belongs to the band, and covers nothing of the evidence.
    stroke = max(1, sizes.text // 12)
    ImageDraw.Draw(sheet).rectangle((0, picture.height, across, picture.height + stroke - 1), fill=RULE)
    return sheet


def _sizes(across: int, height: int) -> _Sizes:
    """Columns under a landscape, a stack under anything else; text the size of a newspaper's at
    arm's length.
    """
    wide = across >= 1.2 * height and across >= 1000
    text = max(18, round(across / 36)) if not wide else max(19, round(min(across, height * 1.8) / 54), across // 100)
    return _Sizes(
        text=text,
        time=round(text * 2.2),
        small=max(14, round(text * 0.8)),
        pad=round(text * 1.35),
        step=round(text * 1.42),
        gap=round(text * 0.3),
        wide=wide,
    )


def _wide_band(across: int, words: Caption, sizes: _Sizes) -> Image.Image:
    left = max(width(words.time, sizes.time), width(words.date, sizes.text))
    left = min(left, across // 3)
    right = max(width(words.issuer, sizes.small), width(words.mark, sizes.small))
    right = min(right, across // 5)
    rule_at = sizes.pad + left + sizes.pad
    rows_at = rule_at + sizes.pad
    room = across - rows_at - right - 2 * sizes.pad
    rows = _laid_out(words.rows, sizes, room)
    clock = round(sizes.time * 1.2) + sizes.step
    inner = max(rows.height, clock)
    band = Image.new("RGB", (across, inner + 2 * sizes.pad), PAPER)
    draw = ImageDraw.Draw(band)
    top = sizes.pad + (inner - clock) // 2
    _say(draw, (sizes.pad, top), fitted(words.time, sizes.time, left), sizes.time, INK)
    _say(
        draw,
        (sizes.pad, top + round(sizes.time * 1.2)),
        fitted(words.date, sizes.text, left),
        sizes.text,
        QUIET,
        line=sizes.step,
    )
    stroke = max(2, sizes.text // 10)
    draw.rectangle((rule_at, sizes.pad, rule_at + stroke, sizes.pad + inner), fill=ACCENT)
    top = sizes.pad + (inner - rows.height) // 2
    _draw_rows(draw, (rows_at, top), rows, sizes)
    top = sizes.pad + (inner - 2 * sizes.step) // 2
    edge = across - sizes.pad
    issuer = fitted(words.issuer, sizes.small, right)
    _say(draw, (edge, top), issuer, sizes.small, INK, line=sizes.step, right=True)
    _say(
        draw,
        (edge, top + sizes.step),
        fitted(words.mark, sizes.small, right),
        sizes.small,
        QUIET,
        line=sizes.step,
        right=True,
    )
    return band


def _stacked_band(across: int, words: Caption, sizes: _Sizes) -> Image.Image:
    room = across - 2 * sizes.pad
    rows = _laid_out(words.rows, sizes, room)
    head = round(sizes.time * 1.25)
    foot = sizes.step + sizes.pad // 2
    inner = head + sizes.pad + rows.height + sizes.pad // 2 + foot
    band = Image.new("RGB", (across, inner + sizes.pad + sizes.pad // 2), PAPER)
    draw = ImageDraw.Draw(band)
    clock = fitted(words.time, sizes.time, room // 2)
    _say(draw, (sizes.pad, sizes.pad), clock, sizes.time, INK)
    taken = width(clock, sizes.time) + sizes.pad
    baseline = sizes.pad + round(sizes.time * 1.0)
    draw.text(
        (sizes.pad + taken - sizes.pad // 3, baseline),
        fitted(words.date, sizes.text, room - taken),
        font=font(sizes.text),
        fill=QUIET,
        anchor="ls",
    )
    at = sizes.pad + head + sizes.pad // 3
    stroke = max(2, sizes.text // 10)
    draw.rectangle((sizes.pad, at, sizes.pad + sizes.text * 2, at + stroke), fill=ACCENT)
    at += sizes.pad * 2 // 3
    _draw_rows(draw, (sizes.pad, at), rows, sizes)
    at += rows.height + sizes.pad // 2
    draw.line((sizes.pad, at, across - sizes.pad, at), fill=RULE, width=max(1, sizes.text // 20))
    at += sizes.pad // 3
    mark = fitted(words.mark, sizes.small, room // 2)
    _say(draw, (across - sizes.pad, at), mark, sizes.small, QUIET, line=sizes.step, right=True)
    issuer = fitted(words.issuer, sizes.small, room - width(mark, sizes.small) - sizes.pad)
    _say(draw, (sizes.pad, at), issuer, sizes.small, INK, line=sizes.step)
    return band


def _laid_out(rows: tuple[tuple[str, str], ...], sizes: _Sizes, room: int) -> _Rows:
    """Each row on at most two lines beside its label."""
    begin = max((width(label, sizes.text) for label, _ in rows), default=0)
    begin = min(begin, room // 3) + sizes.text
    laid: list[tuple[int, str, list[str]]] = []
    y = 0
    for label, text in rows:
        lines = wrapped(text, sizes.text, room - begin, 2)
        laid.append((y, fitted(label, sizes.text, begin - sizes.text), lines))
        y += max(1, len(lines)) * sizes.step + sizes.gap
    return _Rows(laid, begin, max(0, y - sizes.gap))


def _draw_rows(draw: ImageDraw.ImageDraw, at: tuple[int, int], rows: _Rows, sizes: _Sizes) -> None:
    for y, label, lines in rows.laid:
        top = at[1] + y
        _say(draw, (at[0], top), label, sizes.text, QUIET, line=sizes.step)
        for number, text in enumerate(lines):
            place = (at[0] + rows.begin, top + number * sizes.step)
            _say(draw, place, text, sizes.text, INK, line=sizes.step)


def _say(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: str,
    *,
    line: int | None = None,
    right: bool = False,
) -> None:
    x, y = at
    middle = y + (line or round(size * 1.2)) // 2
    draw.text((x, middle), text, font=font(size), fill=colour, anchor="rm" if right else "lm")
