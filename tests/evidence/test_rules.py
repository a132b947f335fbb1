"""Plausibility is told as reasons. Honest work raises none that wants an explanation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence import facts, rules
from server.evidence.statements import Anchor

NOON = 1_779_681_600_000


def seen(known: dict[str, Any] | None = None, **changed: Any) -> rules.Observed:
    values: dict[str, Any] = {
        "wall_ms": NOON,
        "mono_ms": 50_000,
        "received_ms": NOON + 60_000,
        "lat_e7": 302_500_000,
        "lon_e7": 1_143_100_000,
        "acc_cm": 800,
        "fix_ms": NOON - 2_000,
        "distance_m": 20,
        "radius_m": 300,
        **changed,
    }
    return rules.Observed(
        **values, facts=facts.Facts(**{"tz_min": 480, "net": "online", "source": "camera", **(known or {})})
    )


def told(observed: rules.Observed) -> dict[str, str]:
    return {reason.code: reason.level for reason in rules.reasons(observed)}


def test_nothing_unusual() -> None:
    assert told(seen()) == {"at_site": "ok", "nothing_unusual": "ok"}


NO_FIX = {"lat_e7": None, "lon_e7": None, "acc_cm": None, "fix_ms": None, "distance_m": None}


@pytest.mark.parametrize(
    ("changed", "known", "code", "level"),
    [
        (NO_FIX, {"gps_error": "denied"}, "no_fix", "note"),
        ({"acc_cm": 15_000}, {}, "fix_inaccurate", "note"),
        ({"acc_cm": 200_000}, {}, "fix_inaccurate", "warn"),
        ({"fix_ms": NOON - 90_000}, {}, "fix_old", "note"),
        ({"fix_ms": NOON - 3_600_000}, {}, "fix_old", "warn"),
        ({"fix_ms": NOON + 90_000}, {}, "fix_newer_than_capture", "note"),
        ({"distance_m": 900}, {}, "away_from_site", "note"),
        ({"distance_m": 5_000}, {}, "away_from_site", "warn"),
        ({"received_ms": NOON - 600_000}, {}, "clock_ahead_of_arrival", "warn"),
        ({}, {"anchor": Anchor(None, 0, NOON - 45_000, 50_000)}, "clock_differs_from_server", "note"),
        ({}, {"anchor": Anchor(None, 0, NOON + 7_200_000, 50_000)}, "clock_differs_from_server", "warn"),
        ({}, {"step": facts.Step(-7_100_000, 100_000)}, "clock_set_back", "warn"),
        ({}, {"step": facts.Step(7_300_000, 100_000)}, "clock_set_forward", "note"),
        ({}, {"step": facts.Step(30_000, 30_000, 5_000)}, "too_fast", "warn"),
        ({}, {"step": facts.Step(30_000, 30_000, 0, same_point=True)}, "point_repeated", "note"),
        ({}, {"source": "file"}, "from_file", "note"),
        ({}, {"flags": ("after_revocation",)}, "after_revocation", "warn"),
        ({}, {"flags": ("revocation_asked",)}, "revocation_asked", "warn"),
        ({"received_ms": NOON + 200_000_000}, {"flags": ("late",)}, "late", "note"),
        ({"device_confirmed": False}, {}, "device_unconfirmed", "note"),
        ({"discard_refused": True}, {}, "discard_refused", "note"),
        ({"original_differs": True}, {}, "original_differs", "warn"),
        ({"chain_forked": True}, {}, "chain_forked", "warn"),
        ({"passkey_counter_stood": True}, {}, "passkey_counter_stood", "note"),
        ({"device_enrolled_ms": NOON + 864_000_000}, {}, "clock_before_enrolment", "warn"),
        ({}, {"anchor": Anchor(None, 0, NOON + 7_200_000, 900_000)}, "clock_before_server", "warn"),
        ({}, {"flags": ("private_withheld",)}, "private_withheld", "note"),
        ({}, {"other_site": "named"}, "at_other_site", "note"),
        ({"distance_m": 900}, {"other_site": "within"}, "at_other_site", "note"),
        ({}, {"exif": facts.Exif(taken_at="2026-05-20T12:00:00")}, "exif_time_differs", "note"),
        ({}, {"exif": facts.Exif(lat_e7=300_000_000, lon_e7=1_140_000_000)}, "exif_place_differs", "note"),
    ],
)
def test_each_reason(changed: dict[str, Any], known: dict[str, Any], code: str, level: str) -> None:
    found = told(seen(known, **changed))
    assert found[code] == level
    assert "nothing_unusual" not in found


@pytest.mark.parametrize(
    "known",
    [
        {"step": facts.Step(30_000, -5, 5)},
        {"step": facts.Step(30_000, 30_000, 0, same_point=True, same_fix=True)},
        {"step": facts.Step(120_000, 120_000, 3_000)},
        {"anchor": Anchor(None, 0, NOON, 60_000)},
        {"exif": facts.Exif(taken_at="2026-05-25T12:03:00", lat_e7=302_500_100, lon_e7=1_143_100_100)},
    ],
)
def test_what_honest_phones_do_raises_nothing(known: dict[str, Any]) -> None:
    assert told(seen(known)) == {"at_site": "ok", "nothing_unusual": "ok"}


@given(
    st.integers(1_000, 3_600_000),
    st.floats(0, 33),
    st.integers(300, 6_000),
    st.integers(-2_000, 2_000),
)
def test_driving_inspectors_are_never_too_fast(ms: int, metres_per_second: float, acc_cm: int, drift: int) -> None:
    way = round(ms / 1000 * metres_per_second + 2 * acc_cm / 100)
    step = facts.Step(ms + drift, ms, way)
    assert "warn" not in told(seen({"step": step}, acc_cm=acc_cm)).values()


def test_the_gravest_reason_comes_first() -> None:
    found = rules.reasons(seen({"source": "file", "flags": ("after_revocation",)}))
    assert [reason.level for reason in found] == ["warn", "note", "ok"]
