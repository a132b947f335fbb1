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

_WIDE = 25
"""From this many text heights across, the band has columns; below, its parts are stacked."""


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
    wide: bool


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
    return sheet


def _sizes(across: int, height: int) -> _Sizes:
    text = max(16, round(min(across, height * 1.6) / 56), round(across / 96))
    return _Sizes(
        text=text,
        time=round(text * 2.1),
        small=max(13, round(text * 0.8)),
        pad=round(text * 1.35),
        step=round(text * 1.5),
        wide=across >= _WIDE * 2 * text,
    )


def _wide_band(across: int, words: Caption, sizes: _Sizes) -> Image.Image:
    left = max(width(words.time, sizes.time), width(words.date, sizes.text))
    left = min(left, across // 3)
    right = max(width(words.issuer, sizes.text), width(words.mark, sizes.small))
    right = min(right, across // 4)
    rule_at = sizes.pad + left + sizes.pad
    rows_at = rule_at + sizes.pad
    room = across - rows_at - right - 2 * sizes.pad
    lines = _laid_out(words.rows, sizes, room)
    clock = round(sizes.time * 1.2) + sizes.step
    inner = max(len(lines) * sizes.step, clock)
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
    top = sizes.pad + (inner - len(lines) * sizes.step) // 2
    _draw_rows(draw, (rows_at, top), lines, sizes)
    top = sizes.pad + (inner - 2 * sizes.step) // 2
    edge = across - sizes.pad
    _say(draw, (edge, top), fitted(words.issuer, sizes.text, right), sizes.text, INK, line=sizes.step, right=True)
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
    lines = _laid_out(words.rows, sizes, room)
    head = round(sizes.time * 1.25)
    foot = sizes.step + sizes.pad // 2
    inner = head + sizes.pad + len(lines) * sizes.step + sizes.pad // 2 + foot
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
    _draw_rows(draw, (sizes.pad, at), lines, sizes)
    at += len(lines) * sizes.step + sizes.pad // 2
    draw.line((sizes.pad, at, across - sizes.pad, at), fill=RULE, width=max(1, sizes.text // 20))
    at += sizes.pad // 3
    mark = fitted(words.mark, sizes.small, room // 2)
    _say(draw, (across - sizes.pad, at), mark, sizes.small, QUIET, line=sizes.step, right=True)
    issuer = fitted(words.issuer, sizes.small, room - width(mark, sizes.small) - sizes.pad)
    _say(draw, (sizes.pad, at), issuer, sizes.small, INK, line=sizes.step)
    return band


def _laid_out(rows: tuple[tuple[str, str], ...], sizes: _Sizes, room: int) -> list[tuple[str, int, str]]:
    """Lines as (label or "", where the text begins, text), each row on at most two lines."""
    begin = max((width(label, sizes.text) for label, _ in rows), default=0)
    begin = min(begin, room // 3) + sizes.text
    lines: list[tuple[str, int, str]] = []
    for label, text in rows:
        for number, line in enumerate(wrapped(text, sizes.text, room - begin, 2)):
            lines.append((fitted(label, sizes.text, begin - sizes.text) if number == 0 else "", begin, line))
    return lines


def _draw_rows(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], lines: list[tuple[str, int, str]], sizes: _Sizes
) -> None:
    x, y = at
    for label, begin, text in lines:
        _say(draw, (x, y), label, sizes.text, QUIET, line=sizes.step)
        _say(draw, (x + begin, y), text, sizes.text, INK, line=sizes.step)
        y += sizes.step


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
