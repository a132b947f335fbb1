"""What a statement says about time and place, set beside what else is known; stored once, judged by ``rules``.

Pure. Distances are geodesics on WGS-84 (Karney, through geopy).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from server.evidence.statements import Anchor, Capture, Gps, Private, Session


class Previous(msgspec.Struct, frozen=True):
    """The capture before this one in its chain."""

    wall_ms: int
    mono_ms: int
    lat_e7: int | None
    lon_e7: int | None
    fix_ms: int | None


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """From the previous capture of the chain to this one. Times in milliseconds, the way in metres."""

    wall_ms: int
    mono_ms: int
    metres: int | None = None
    same_point: bool = False
    same_fix: bool = False


class Exif(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the camera wrote into an original: local time without zone, maker and model, a position or none.

    ``orientation`` is EXIF's value, 1 to 8: how the sensor was turned; 1 is upright.
    """

    taken_at: str | None = None
    camera: str | None = None
    lat_e7: int | None = None
    lon_e7: int | None = None
    orientation: int | None = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The column ``captures.facts``; ``exif`` is that of the first original."""

    tz_min: int
    net: str
    source: str
    anchor: Anchor | None = None
    alt_cm: int | None = None
    spd_cms: int | None = None
    hdg_cdeg: int | None = None
    gps_error: str | None = None
    step: Step | None = None
    flags: tuple[str, ...] = ()
    other_site: Literal["named", "within"] | None = None
    exif: Exif | None = None


encode = msgspec.json.encode
decode = msgspec.json.Decoder(Facts).decode
decode_exif = msgspec.json.Decoder(Exif).decode

AFTER_REVOCATION = "after_revocation"
REVOCATION_ASKED = "revocation_asked"
LATE = "late"
PRIVATE_WITHHELD = "private_withheld"
OUTSIDE_SESSION = "outside_session"


def gather(
    capture: Capture,
    private: Private | None,
    previous: Previous | None,
    session: Session,
    *,
    flags: tuple[str, ...],
    other_site: Literal["named", "within"] | None = None,
) -> Facts:
    """The facts of one capture."""
    gps = private.gps if private else None
    found = list(flags)
    if private is None:
        found.append(PRIVATE_WITHHELD)
    if not session.from_ms <= capture.clock.wall_ms <= session.to_ms:
        found.append(OUTSIDE_SESSION)
    sources = {medium.src for medium in capture.media}
    return Facts(
        tz_min=capture.clock.tz_min,
        net=capture.net,
        source=next(source for source in ("import", "file", "camera") if source in sources),
        anchor=capture.anchor,
        alt_cm=gps.alt_cm if gps else None,
        spd_cms=gps.spd_cms if gps else None,
        hdg_cdeg=gps.hdg_cdeg if gps else None,
        gps_error=private.gps_error if private else None,
        step=_step(capture, gps, previous) if previous else None,
        flags=tuple(found),
        other_site=other_site,
    )


def _step(capture: Capture, gps: Gps | None, previous: Previous) -> Step:
    wall, mono = capture.clock.wall_ms - previous.wall_ms, capture.clock.mono_ms - previous.mono_ms
    if gps is None or previous.lat_e7 is None or previous.lon_e7 is None:
        return Step(wall, mono)
    same_point = (gps.lat_e7, gps.lon_e7) == (previous.lat_e7, previous.lon_e7)
    return Step(
        wall,
        mono,
        metres=0 if same_point else metres(gps.lat_e7, gps.lon_e7, previous.lat_e7, previous.lon_e7),
        same_point=same_point,
        same_fix=same_point and gps.ts_ms == previous.fix_ms,
    )


def metres(lat_e7: int, lon_e7: int, other_lat_e7: int, other_lon_e7: int) -> int:
    """The geodesic between two points in 1e-7 degrees, rounded to whole metres."""
    from geopy.distance import geodesic  # here: its package loads every geocoder, a second at each start

    here, there = (lat_e7 / 1e7, lon_e7 / 1e7), (other_lat_e7 / 1e7, other_lon_e7 / 1e7)
    way: float = geodesic(here, there).meters
    return round(way)


def previous_of(row: Any) -> Previous | None:
    """From a row of ``captures``."""
    if row is None:
        return None
    return Previous(row["wall_ms"], row["mono_ms"], row["lat_e7"], row["lon_e7"], row["fix_ms"])
