"""Plausibility of time and place: reasons to look closer, never a verdict. Pure; computed on reading.

Levels: ``ok`` speaks for the capture, ``note`` is worth knowing, ``warn`` wants an explanation. Every threshold is
wide enough that honest work raises no ``warn``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from server.evidence import facts as known
from server.evidence.facts import Exif, Facts

Level = Literal["ok", "note", "warn"]

ACCURACY_NOTE_M, ACCURACY_WARN_M = 100, 1000
FIX_AGE_NOTE_S, FIX_AGE_WARN_S = 60, 600
SPEED_WARN_MS, SPEED_FROM_M = 42, 500  # 150 km/h, over a way that no error of two fixes explains
SITE_NOTE_BEYOND_M = 1000
CLOCK_NOTE_S, CLOCK_WARN_S = 30, 120
CLOCK_BEFORE_ENROLMENT_S = 3600  # a phone may be enrolled an hour after its first photo on a slow day, not a week
EXIF_TIME_S, EXIF_PLACE_M = 600, 1000


class Reason(msgspec.Struct, frozen=True):
    """One reason: clients translate by ``code`` and fill in ``params``."""

    code: str
    level: Level
    params: dict[str, Any]


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """A capture as the rules look at it; instants in milliseconds since the epoch, lengths in metres."""

    wall_ms: int
    mono_ms: int
    received_ms: int
    lat_e7: int | None
    lon_e7: int | None
    acc_cm: int | None
    fix_ms: int | None
    distance_m: int | None
    radius_m: int | None
    facts: Facts
    device_confirmed: bool = True
    device_enrolled_ms: int | None = None
    discard_refused: bool = False
    original_differs: bool = False
    chain_forked: bool = False
    passkey_counter_stood: bool = False
    exif: tuple[Exif, ...] = ()
    """Of every original that has any; without, that of the facts."""


def reasons(seen: Observed) -> tuple[Reason, ...]:
    """Everything there is to say, the gravest first; ``nothing_unusual`` when there is nothing."""
    found = [*_flags(seen), *_clock(seen), *_fix(seen), *_site(seen), *_step(seen), *_source(seen)]
    if all(reason.level == "ok" for reason in found):
        found.append(Reason("nothing_unusual", "ok", {}))
    order = {"warn": 0, "note": 1, "ok": 2}
    return tuple(sorted(found, key=lambda reason: order[reason.level]))


def _flags(seen: Observed) -> list[Reason]:
    levels: dict[str, Level] = {known.AFTER_REVOCATION: "warn", known.REVOCATION_ASKED: "warn"}
    late = {"seconds": (seen.received_ms - seen.wall_ms) // 1000}
    found = [Reason(flag, levels.get(flag, "note"), late if flag == known.LATE else {}) for flag in seen.facts.flags]
    if seen.original_differs:
        found.append(Reason("original_differs", "warn", {}))
    if seen.chain_forked:
        found.append(Reason("chain_forked", "warn", {}))
    if seen.passkey_counter_stood:
        found.append(Reason("passkey_counter_stood", "note", {}))
    if not seen.device_confirmed:
        found.append(Reason("device_unconfirmed", "note", {}))
    if seen.discard_refused:
        found.append(Reason("discard_refused", "note", {}))
    return found


def _clock(seen: Observed) -> list[Reason]:
    found: list[Reason] = []
    ahead = (seen.wall_ms - seen.received_ms) // 1000
    if ahead > CLOCK_WARN_S:
        found.append(Reason("clock_ahead_of_arrival", "warn", {"seconds": ahead}))
    if seen.device_enrolled_ms is not None:
        # The server knew the phone before the shutter, so a shutter long before that is a matter of the clock.
        before = (seen.device_enrolled_ms - seen.wall_ms) // 1000
        if before > CLOCK_BEFORE_ENROLMENT_S:
            found.append(Reason("clock_before_enrolment", "warn", {"seconds": before}))
    anchor = seen.facts.anchor
    if anchor is not None and seen.mono_ms < anchor.mono_ms and anchor.srv_ms - seen.wall_ms > CLOCK_WARN_S * 1000:
        # The phone was started anew, so its monotonic clock says nothing; but it had seen a later server time.
        found.append(Reason("clock_before_server", "warn", {"seconds": (anchor.srv_ms - seen.wall_ms) // 1000}))
    if anchor is not None and seen.mono_ms >= anchor.mono_ms:
        skew = (seen.wall_ms - anchor.srv_ms - (seen.mono_ms - anchor.mono_ms)) // 1000
        if abs(skew) > CLOCK_NOTE_S:
            found.append(
                Reason("clock_differs_from_server", "warn" if abs(skew) > CLOCK_WARN_S else "note", {"seconds": skew})
            )
    step = seen.facts.step
    if step is not None and step.mono_ms >= 0:
        jump = (step.wall_ms - step.mono_ms) // 1000
        if jump < -CLOCK_NOTE_S:
            found.append(Reason("clock_set_back", "warn", {"seconds": -jump}))
        elif jump > CLOCK_NOTE_S:
            found.append(Reason("clock_set_forward", "note", {"seconds": jump}))
    return found


def _fix(seen: Observed) -> list[Reason]:
    if seen.fix_ms is None or seen.acc_cm is None:
        if known.PRIVATE_WITHHELD in seen.facts.flags:
            return []
        return [Reason("no_fix", "note", {"why": seen.facts.gps_error or "unknown"})]
    found: list[Reason] = []
    accuracy = seen.acc_cm // 100
    if accuracy > ACCURACY_NOTE_M:
        found.append(Reason("fix_inaccurate", "warn" if accuracy > ACCURACY_WARN_M else "note", {"metres": accuracy}))
    age = (seen.wall_ms - seen.fix_ms) // 1000
    if age > FIX_AGE_NOTE_S:
        found.append(Reason("fix_old", "warn" if age > FIX_AGE_WARN_S else "note", {"seconds": age}))
    elif -age > FIX_AGE_NOTE_S:
        found.append(Reason("fix_newer_than_capture", "note", {"seconds": -age}))
    return found


def _site(seen: Observed) -> list[Reason]:
    if seen.facts.other_site is not None:
        # A team may honestly go on to a second site; a distance from either would then mislead.
        return [Reason("at_other_site", "note", {"why": seen.facts.other_site})]
    if seen.distance_m is None or seen.radius_m is None:
        return []
    beyond = seen.distance_m - seen.radius_m - (seen.acc_cm or 0) // 100
    params = {"metres": seen.distance_m, "radius": seen.radius_m}
    if beyond <= 0:
        return [Reason("at_site", "ok", params)]
    return [Reason("away_from_site", "warn" if beyond > SITE_NOTE_BEYOND_M else "note", params)]


def _step(seen: Observed) -> list[Reason]:
    step = seen.facts.step
    if step is None or step.metres is None:
        return []
    if step.same_point:
        # A live receiver never gives the same ten-millionth of a degree twice for two fixes.
        return [] if step.same_fix else [Reason("point_repeated", "note", {})]
    seconds = max(step.mono_ms if step.mono_ms > 0 else step.wall_ms, 1) / 1000
    if step.metres > SPEED_FROM_M and step.metres / seconds > SPEED_WARN_MS:
        return [
            Reason(
                "too_fast",
                "warn",
                {"metres": step.metres, "seconds": round(seconds), "kmh": round(step.metres / seconds * 3.6)},
            )
        ]
    return []


def _source(seen: Observed) -> list[Reason]:
    facts = seen.facts
    found: list[Reason] = []
    if facts.source != "camera":
        found.append(Reason("from_file", "note", {"source": facts.source}))
    told = seen.exif or ((facts.exif,) if facts.exif else ())
    for reason in (one for exif in told for one in _exif(seen, exif)):
        if reason.code not in {one.code for one in found}:  # one original is enough to look closer
            found.append(reason)
    return found


def _exif(seen: Observed, exif: Exif) -> list[Reason]:
    found: list[Reason] = []
    if exif.taken_at is not None:
        local = datetime.fromisoformat(exif.taken_at).replace(tzinfo=None)
        signed_ms = seen.wall_ms + seen.facts.tz_min * 60_000
        seconds = abs(int((local - datetime(1970, 1, 1)).total_seconds()) - signed_ms // 1000)
        if seconds > EXIF_TIME_S:
            found.append(Reason("exif_time_differs", "note", {"seconds": seconds, "taken_at": exif.taken_at}))
    if exif.lat_e7 is not None and exif.lon_e7 is not None and seen.lat_e7 is not None and seen.lon_e7 is not None:
        apart = known.metres(exif.lat_e7, exif.lon_e7, seen.lat_e7, seen.lon_e7)
        if apart > EXIF_PLACE_M:
            found.append(Reason("exif_place_differs", "note", {"metres": apart}))
    return found
