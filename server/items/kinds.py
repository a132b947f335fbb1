"""What an item is, beside its source and category: maintained lists, as data (handbook B1, R13, R15, R17, R27)."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class SupervisionKind(StrEnum):
    """督查种类 (733 art. 14)."""

    COMPREHENSIVE = "COMPREHENSIVE"
    SPECIAL = "SPECIAL"
    INCIDENT = "INCIDENT"
    DAILY = "DAILY"
    CLUE = "CLUE"


SUPERVISION_KIND_NAMES: dict[SupervisionKind, tuple[str, str]] = {
    SupervisionKind.COMPREHENSIVE: ("综合督查", "Comprehensive supervision"),
    SupervisionKind.SPECIAL: ("专项督查", "Special supervision"),
    SupervisionKind.INCIDENT: ("事件调查", "Investigation of an incident"),
    SupervisionKind.DAILY: ("日常督办", "Daily supervision"),
    SupervisionKind.CLUE: ("线索核查", "Verification of a clue"),
}


class ContentKind(IntEnum):
    """督查内容 (733 art. 4), by the number of its paragraph."""

    CENTRAL_DECISIONS = 1
    DEPLOYMENTS = 2
    LEGAL_DUTIES = 3
    EFFICIENCY = 4


CONTENT_KIND_NAMES: dict[ContentKind, tuple[str, str]] = {
    ContentKind.CENTRAL_DECISIONS: ("党中央、国务院重大决策部署落实情况", "Central decisions"),
    ContentKind.DEPLOYMENTS: ("上级和本级人民政府重要工作部署落实情况", "Deployments of higher and own government"),
    ContentKind.LEGAL_DUTIES: ("督查对象法定职责履行情况", "Performance of legal duties"),
    ContentKind.EFFICIENCY: ("本级人民政府所属部门和下级人民政府的行政效能", "Administrative efficiency"),
}


class BasisKind(StrEnum):
    """立项依据 (733 art. 11): an own proposal needs the head of government."""

    DECISION = "DECISION"
    HEAD_ORDER = "HEAD_ORDER"
    PROPOSAL = "PROPOSAL"


BASIS_NAMES: dict[BasisKind, tuple[str, str]] = {
    BasisKind.DECISION: ("本级政府决定", "Decision of the government"),
    BasisKind.HEAD_ORDER: ("行政首长指令", "Order of the head of government"),
    BasisKind.PROPOSAL: ("督查机构建议（须行政首长批准）", "Own proposal, for the head of government to approve"),
}


class Mode(StrEnum):
    """办理方式 (R17)."""

    FORWARD = "FORWARD"
    JOINT = "JOINT"
    SELF = "SELF"


MODE_NAMES: dict[Mode, tuple[str, str]] = {
    Mode.FORWARD: ("转办", "Forwarded to one unit"),
    Mode.JOINT: ("会办", "Handled jointly"),
    Mode.SELF: ("自办", "Handled by the office itself"),
}


class Importance(StrEnum):
    """重要程度 (R27)."""

    ORDINARY = "ORDINARY"
    IMPORTANT = "IMPORTANT"


IMPORTANCE_NAMES: dict[Importance, tuple[str, str]] = {
    Importance.ORDINARY: ("一般", "Ordinary"),
    Importance.IMPORTANT: ("重要", "Important"),
}


class Intensity(StrEnum):
    """督查强度 (R27)."""

    KEY = "KEY"
    TRACKING = "TRACKING"
    PERIODIC = "PERIODIC"


INTENSITY_NAMES: dict[Intensity, tuple[str, str]] = {
    Intensity.KEY: ("重点督查", "Key supervision"),
    Intensity.TRACKING: ("跟踪督查", "Tracking supervision"),
    Intensity.PERIODIC: ("定期督查", "Periodic supervision"),
}


class LeaderLevel(StrEnum):
    """批示领导层级: leaders' instructions are counted by it (R112)."""

    STATE = "STATE"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    OTHER = "OTHER"


LEADER_LEVEL_NAMES: dict[LeaderLevel, tuple[str, str]] = {
    LeaderLevel.COUNTY: ("县（市、区）级", "County"),
    LeaderLevel.CITY: ("市（州）级", "City or prefecture"),
    LeaderLevel.PROVINCE: ("省级", "Province"),
    LeaderLevel.STATE: ("国家级", "State"),
    LeaderLevel.OTHER: ("其他", "Other"),
}


class Channel(StrEnum):
    """督查方式 (733 art. 12)."""

    SELF_CHECK = "SELF_CHECK"
    HEARING = "HEARING"
    INSPECTION = "INSPECTION"
    SYMPOSIUM = "SYMPOSIUM"
    RECORDS = "RECORDS"
    CLUES = "CLUES"
    TALK = "TALK"
    ONLINE = "ONLINE"


CHANNEL_NAMES: dict[Channel, tuple[str, str]] = {
    Channel.SELF_CHECK: ("要求自查、说明情况", "Self-check or explanation"),
    Channel.HEARING: ("听取汇报", "Hearing a report"),
    Channel.INSPECTION: ("检查、访谈、暗访", "Inspection, interviews, covert visits"),
    Channel.SYMPOSIUM: ("座谈、听证、统计、评估", "Symposium, hearing, statistics, evaluation"),
    Channel.RECORDS: ("调阅、复制资料", "Reading and copying records"),
    Channel.CLUES: ("收集线索", "Collecting clues"),
    Channel.TALK: ("约谈", "Summoned talk"),
    Channel.ONLINE: ("“互联网+督查”", "Online supervision"),
}


class AttachmentKind(StrEnum):
    """What a file of an item is."""

    INSTRUCTION = "INSTRUCTION"
    SOURCE = "SOURCE"
    PLAN = "PLAN"
    OTHER = "OTHER"


ATTACHMENT_KIND_NAMES: dict[AttachmentKind, tuple[str, str]] = {
    AttachmentKind.INSTRUCTION: ("批示件", "Annotated instruction"),
    AttachmentKind.SOURCE: ("来件", "Incoming document"),
    AttachmentKind.PLAN: ("督查方案", "Supervision plan"),
    AttachmentKind.OTHER: ("其他材料", "Other material"),
}


class SignatureKind(StrEnum):
    """审核, then 审定 (R13)."""

    FIRST = "FIRST"
    SECOND = "SECOND"


# The bodies that may be supervised, and the office itself for 自办 (733 art. 5): no company, no citizen.
OBJECT_KINDS = ("department", "government", "lower_government", "authorised_body", "entrusted_body", "office")
