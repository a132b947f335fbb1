"""Where an item comes from (R3), what category it is (R11), how urgent: maintained lists, as data."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """来源: exactly one for each item (R3)."""

    HIGHER_DEPLOYMENT = "HIGHER_DEPLOYMENT"
    HIGHER_ASSIGNMENT = "HIGHER_ASSIGNMENT"
    WORK_REPORT = "WORK_REPORT"
    ECONOMIC_CONFERENCE = "ECONOMIC_CONFERENCE"
    PLENARY_MEETING = "PLENARY_MEETING"
    EXECUTIVE_MEETING = "EXECUTIVE_MEETING"
    OFFICE_MEETING = "OFFICE_MEETING"
    SPECIAL_MEETING = "SPECIAL_MEETING"
    ISSUED_DOCUMENT = "ISSUED_DOCUMENT"
    LEADER_INSTRUCTION = "LEADER_INSTRUCTION"
    LEADER_ASSIGNMENT = "LEADER_ASSIGNMENT"
    KEY_PROJECT = "KEY_PROJECT"
    KEY_WORK = "KEY_WORK"
    NPC_DECISION = "NPC_DECISION"
    NPC_CPPCC_PROPOSAL = "NPC_CPPCC_PROPOSAL"
    MEDIA_REPORT = "MEDIA_REPORT"
    ONLINE_OPINION = "ONLINE_OPINION"
    LEADER_MAILBOX = "LEADER_MAILBOX"
    PETITION = "PETITION"
    COMPLAINT = "COMPLAINT"
    TARGET_ASSESSMENT = "TARGET_ASSESSMENT"
    CROSS_DIVISION = "CROSS_DIVISION"
    CAMPAIGN = "CAMPAIGN"
    WORK_STYLE = "WORK_STYLE"
    FOUND_ON_SITE = "FOUND_ON_SITE"
    OTHER = "OTHER"


SOURCE_NAMES: dict[SourceKind, tuple[str, str]] = {
    SourceKind.HIGHER_DEPLOYMENT: ("上级决策部署", "Deployment from above"),
    SourceKind.HIGHER_ASSIGNMENT: ("上级交办/督查", "Assigned or supervised from above"),
    SourceKind.WORK_REPORT: ("政府工作报告", "Government work report"),
    SourceKind.ECONOMIC_CONFERENCE: ("经济工作会议", "Economic work conference"),
    SourceKind.PLENARY_MEETING: ("全体会议", "Plenary meeting"),
    SourceKind.EXECUTIVE_MEETING: ("常务会议", "Executive meeting"),
    SourceKind.OFFICE_MEETING: ("办公会议", "Office meeting"),
    SourceKind.SPECIAL_MEETING: ("专题会议", "Special meeting"),
    SourceKind.ISSUED_DOCUMENT: ("印发文件", "Issued document"),
    SourceKind.LEADER_INSTRUCTION: ("领导批示", "Leader's instruction"),
    SourceKind.LEADER_ASSIGNMENT: ("领导交办/转办", "Assigned or forwarded by a leader"),
    SourceKind.KEY_PROJECT: ("重点工程", "Key project"),
    SourceKind.KEY_WORK: ("重点工作/指标", "Key work or target"),
    SourceKind.NPC_DECISION: ("人大决定", "Decision of the People's Congress"),
    SourceKind.NPC_CPPCC_PROPOSAL: ("议提案", "Deputies' or members' proposal"),
    SourceKind.MEDIA_REPORT: ("媒体反映", "Media report"),
    SourceKind.ONLINE_OPINION: ("网络舆情/网民留言", "Online opinion"),
    SourceKind.LEADER_MAILBOX: ("领导信箱", "Leader's mailbox"),
    SourceKind.PETITION: ("来信来访来电", "Letter, visit or call"),
    SourceKind.COMPLAINT: ("企业/群众投诉", "Complaint"),
    SourceKind.TARGET_ASSESSMENT: ("目标考核", "Assessment of targets"),
    SourceKind.CROSS_DIVISION: ("跨科室事项", "Cross-division matter"),
    SourceKind.CAMPAIGN: ("专项活动", "Campaign"),
    SourceKind.WORK_STYLE: ("工作纪律作风", "Work discipline and style"),
    SourceKind.FOUND_ON_SITE: ("现场发现", "Found on site"),
    SourceKind.OTHER: ("其他", "Other"),
}


class ItemCategory(StrEnum):
    """类别 (R11)."""

    DECISION = "DECISION"
    SPECIAL = "SPECIAL"
    COORDINATION = "COORDINATION"
    RESEARCH = "RESEARCH"


CATEGORY_NAMES: dict[ItemCategory, tuple[str, str]] = {
    ItemCategory.DECISION: ("决策督查", "Supervision of decisions"),
    ItemCategory.SPECIAL: ("专项督查", "Special supervision"),
    ItemCategory.COORDINATION: ("协调督查", "Coordination"),
    ItemCategory.RESEARCH: ("督查调研", "Research"),
}


class Urgency(StrEnum):
    """紧急程度."""

    ORDINARY = "ORDINARY"
    URGENT = "URGENT"
    EXTRA_URGENT = "EXTRA_URGENT"


URGENCY_NAMES: dict[Urgency, tuple[str, str]] = {
    Urgency.ORDINARY: ("平件", "Ordinary"),
    Urgency.URGENT: ("加急", "Urgent"),
    Urgency.EXTRA_URGENT: ("特急", "Extra urgent"),
}


class SiteKind(StrEnum):
    """What kind of place a site is."""

    CONSTRUCTION = "CONSTRUCTION"
    ROAD = "ROAD"
    SCHOOL = "SCHOOL"
    HOSPITAL = "HOSPITAL"
    SERVICE_HALL = "SERVICE_HALL"
    VILLAGE = "VILLAGE"
    OTHER = "OTHER"


SITE_KIND_NAMES: dict[SiteKind, tuple[str, str]] = {
    SiteKind.CONSTRUCTION: ("建设工地", "Construction site"),
    SiteKind.ROAD: ("道路", "Road"),
    SiteKind.SCHOOL: ("学校", "School"),
    SiteKind.HOSPITAL: ("医院", "Hospital"),
    SiteKind.SERVICE_HALL: ("服务大厅", "Service hall"),
    SiteKind.VILLAGE: ("村/社区", "Village or community"),
    SiteKind.OTHER: ("其他", "Other"),
}
