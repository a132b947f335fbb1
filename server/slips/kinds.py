"""Kinds of slips, how they reach a unit, and what a unit has to do with them: maintained lists, as data."""

from __future__ import annotations

from enum import StrEnum


class Series(StrEnum):
    """The four slips (四单) and the notice. Work papers: numbered by series and year, without a 发文字号 (B6)."""

    TASK_NOTICE = "TASK_NOTICE"
    TRACKING = "TRACKING"
    COORDINATION = "COORDINATION"
    CANCELLATION = "CANCELLATION"
    NOTICE = "NOTICE"


SERIES_NAMES: dict[Series, tuple[str, str]] = {
    Series.TASK_NOTICE: ("任务通知单", "Task notice"),
    Series.TRACKING: ("跟踪督查单", "Tracking slip"),
    Series.COORDINATION: ("协调督办单", "Coordination slip"),
    Series.CANCELLATION: ("任务销号单", "Cancellation slip"),
    Series.NOTICE: ("督查通知", "Supervision notice"),
}


class SlipChannel(StrEnum):
    """How an assignment is made (R18)."""

    WRITTEN = "WRITTEN"
    MEETING = "MEETING"
    TELEPHONE = "TELEPHONE"


SLIP_CHANNEL_NAMES: dict[SlipChannel, tuple[str, str]] = {
    SlipChannel.WRITTEN: ("书面", "In writing"),
    SlipChannel.MEETING: ("会议交办", "At a meeting"),
    SlipChannel.TELEPHONE: ("电话通知", "By telephone"),
}


class Delivery(StrEnum):
    """How the paper of a slip travels, if it does (R103)."""

    ONLINE = "ONLINE"
    COURIER = "COURIER"
    CONFIDENTIAL = "CONFIDENTIAL"
    MAIL = "MAIL"


DELIVERY_NAMES: dict[Delivery, tuple[str, str]] = {
    Delivery.ONLINE: ("网上送达", "Online"),
    Delivery.COURIER: ("专人直送", "By courier"),
    Delivery.CONFIDENTIAL: ("机要渠道", "Confidential channel"),
    Delivery.MAIL: ("邮寄", "By mail"),
}


class Part(StrEnum):
    """What a unit has to do with a slip."""

    LEAD = "LEAD"
    ASSIST = "ASSIST"
    SELF = "SELF"
    COORDINATE = "COORDINATE"
    INFORM = "INFORM"


PART_NAMES: dict[Part, tuple[str, str]] = {
    Part.LEAD: ("主办", "Lead"),
    Part.ASSIST: ("协办", "Assisting"),
    Part.SELF: ("自办", "The office itself"),
    Part.COORDINATE: ("分解任务", "Part of the task"),
    Part.INFORM: ("送达", "Addressed"),
}


def slip_no(series: Series | str, year: int, seq: int) -> str:
    """The number of a slip in its series, for example 任务通知单〔2026〕7号."""
    return f"{SERIES_NAMES[Series(series)][0]}〔{year}〕{seq}号"
