"""EXIF, read with suspicion: any of it may be missing, absurd or broken, and none of that is an error."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import Image

from media.images.facts import GpsFact

_MAKE, _MODEL, _ORIENTATION, _TIME = 0x010F, 0x0110, 0x0112, 0x0132
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TIME_ORIGINAL, _OFFSET_ORIGINAL, _OFFSET = 0x9003, 0x9011, 0x9010
_MOST_TEXT = 64


class Exif:
    """The few tags that are looked at."""

    def __init__(self, image: Image.Image) -> None:
        self._main: Mapping[int, Any] = {}
        self._photo: Mapping[int, Any] = {}
        self._gps: Mapping[int, Any] = {}
        try:
            exif = image.getexif()
            self._main = exif
            self._photo = exif.get_ifd(_EXIF_IFD)
            self._gps = exif.get_ifd(_GPS_IFD)
        except Exception:  # whatever a parser can stumble over; what was read before it stays
            return

    @property
    def orientation(self) -> int:
        """1 to 8; 1 (upright) when absent or absurd."""
        value = self._tag(self._main, _ORIENTATION)
        return value if isinstance(value, int) and 1 <= value <= 8 else 1

    @property
    def make(self) -> str | None:
        """Maker of the camera."""
        return _text(self._tag(self._main, _MAKE))

    @property
    def model(self) -> str | None:
        """Model of the camera."""
        return _text(self._tag(self._main, _MODEL))

    @property
    def taken_at(self) -> datetime | None:
        """The camera's clock at the shot."""
        text = _text(self._tag(self._photo, _TIME_ORIGINAL)) or _text(self._tag(self._main, _TIME))
        if text is None:
            return None
        try:
            at = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")
        except ValueError:
            return None
        offset = _text(self._tag(self._photo, _OFFSET_ORIGINAL)) or _text(self._tag(self._photo, _OFFSET))
        return at.replace(tzinfo=_zone(offset))

    @property
    def gps(self) -> GpsFact | None:
        """Position, if both halves are there and possible."""
        latitude = _degrees(self._tag(self._gps, 2), self._tag(self._gps, 1), "S")
        longitude = _degrees(self._tag(self._gps, 4), self._tag(self._gps, 3), "W")
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            return None
        altitude = _number(self._tag(self._gps, 6))
        if altitude is not None and self._tag(self._gps, 5) in (1, b"\x01"):
            altitude = -altitude
        return GpsFact(latitude, longitude, altitude)

    def _tag(self, ifd: Mapping[int, Any], tag: int) -> Any:
        try:
            return ifd.get(tag)
        except Exception:
            return None


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = "".join(ch for ch in value if ch.isprintable()).strip()
    return text[:_MOST_TEXT] or None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _degrees(parts: Any, reference: Any, negative: str) -> float | None:
    if not isinstance(parts, tuple | list) or not 1 <= len(parts) <= 3:
        return None
    total = 0.0
    for power, part in enumerate(parts):
        number = _number(part)
        if number is None:
            return None
        total += number / 60**power
    return -total if _text(reference) == negative else total


def _zone(offset: str | None) -> timezone | None:
    if offset is None or len(offset) != 6 or offset[0] not in "+-":
        return None
    try:
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        return timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    except ValueError:
        return None
