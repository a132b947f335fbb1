"""The codes that a rule pack may use, each with its Chinese and English name.

Source kinds, categories and urgencies are those of ``items.sources``, which stands above this package; a test keeps
the two the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

Names = dict[str, tuple[str, str]]

SOURCE_KINDS: Final[Names] = {
    "HIGHER_DEPLOYMENT": ("上级决策部署", "Deployment from above"),
    "HIGHER_ASSIGNMENT": ("上级交办/督查", "Assigned or supervised from above"),
    "WORK_REPORT": ("政府工作报告", "Government work report"),
    "ECONOMIC_CONFERENCE": ("经济工作会议", "Economic work conference"),
    "PLENARY_MEETING": ("全体会议", "Plenary meeting"),
    "EXECUTIVE_MEETING": ("常务会议", "Executive meeting"),
    "OFFICE_MEETING": ("办公会议", "Office meeting"),
    "SPECIAL_MEETING": ("专题会议", "Special meeting"),
    "ISSUED_DOCUMENT": ("印发文件", "Issued document"),
    "LEADER_INSTRUCTION": ("领导批示", "Leader's instruction"),
    "LEADER_ASSIGNMENT": ("领导交办/转办", "Assigned or forwarded by a leader"),
    "KEY_PROJECT": ("重点工程", "Key project"),
    "KEY_WORK": ("重点工作/指标", "Key work or target"),
    "NPC_DECISION": ("人大决定", "Decision of the People's Congress"),
    "NPC_CPPCC_PROPOSAL": ("议提案", "Deputies' or members' proposal"),
    "MEDIA_REPORT": ("媒体反映", "Media report"),
    "ONLINE_OPINION": ("网络舆情/网民留言", "Online opinion"),
    "LEADER_MAILBOX": ("领导信箱", "Leader's mailbox"),
    "PETITION": ("来信来访来电", "Letter, visit or call"),
    "COMPLAINT": ("企业/群众投诉", "Complaint"),
    "TARGET_ASSESSMENT": ("目标考核", "Assessment of targets"),
    "CROSS_DIVISION": ("跨科室事项", "Cross-division matter"),
    "CAMPAIGN": ("专项活动", "Campaign"),
    "WORK_STYLE": ("工作纪律作风", "Work discipline and style"),
    "FOUND_ON_SITE": ("现场发现", "Found on site"),
    "OTHER": ("其他", "Other"),
}
CATEGORIES: Final[Names] = {
    "DECISION": ("决策督查", "Supervision of decisions"),
    "SPECIAL": ("专项督查", "Special supervision"),
    "COORDINATION": ("协调督查", "Coordination"),
    "RESEARCH": ("督查调研", "Research"),
}
URGENCIES: Final[Names] = {
    "ORDINARY": ("平件", "Ordinary"),
    "URGENT": ("加急", "Urgent"),
    "EXTRA_URGENT": ("特急", "Extra urgent"),
}
IMPORTANCES: Final[Names] = {"ORDINARY": ("一般", "Ordinary"), "IMPORTANT": ("重要", "Important")}


class DeskClass(StrEnum):
    """What lies on a leader's desk (送阅): its class decides the timer."""

    NORMAL = "NORMAL"
    URGENT = "URGENT"
    EMERGENCY = "EMERGENCY"
    CONFIDENTIAL = "CONFIDENTIAL"
    CONFIDENTIAL_IMPORTANT = "CONFIDENTIAL_IMPORTANT"
    CONFIDENTIAL_URGENT = "CONFIDENTIAL_URGENT"


DESK_CLASSES: Final[Names] = {
    DeskClass.NORMAL: ("一般公文", "Ordinary document"),
    DeskClass.URGENT: ("紧急公文", "Urgent document"),
    DeskClass.EMERGENCY: ("重大灾情、突发事件", "Disaster or emergency"),
    DeskClass.CONFIDENTIAL: ("机要件", "Confidential mail"),
    DeskClass.CONFIDENTIAL_IMPORTANT: ("重要机要件", "Important confidential mail"),
    DeskClass.CONFIDENTIAL_URGENT: ("紧急机要件", "Urgent confidential mail"),
}
INTENSITIES: Final[Names] = {
    "KEY": ("重点督查", "Key supervision"),
    "TRACKING": ("跟踪督查", "Tracking supervision"),
    "PERIODIC": ("定期督查", "Periodic supervision"),
}
CONSEQUENCES: Final[Names] = {
    "SUPERVISION_BULLETIN": ("督查通报", "Supervision bulletin"),
    "EFFICIENCY_BULLETIN": ("效能通报", "Efficiency bulletin"),
    "CRITICISM": ("通报批评", "Published criticism"),
    "TALK": ("约谈", "Summoned talk"),
    "ADMONITION": ("诫勉谈话", "Admonition by the competent organ"),
    "WRITTEN_SELF_CRITICISM": ("书面检查", "Written self-criticism"),
    "ACCOUNTABILITY": ("追究责任", "Accountability"),
    "RETURN": ("退回重办", "Return for redo"),
    "COMMENDATION": ("通报表彰", "Commendation"),
}
CONDITIONS: Final[Names] = {
    "overdue": ("逾期", "overdue"),
    "overdue_unreported": ("逾期不报", "overdue without a report"),
    "urged": ("催办次数", "times urged"),
    "returned": ("退回重办次数", "times returned"),
    "demand_unmet": ("领导明确整改要求仍未落实", "a leader's demand still unmet"),
    "no_good_reason": ("无正当理由", "without good reason"),
    "no_explanation": ("无充分说明", "without sufficient explanation"),
    "buck_passing": ("推诿扯皮", "buck-passing"),
    "harm": ("造成不良后果", "with bad consequences"),
    "false_report": ("弄虚作假", "a false report"),
    "outstanding": ("成绩突出", "outstanding work"),
}
COUNTED: Final = frozenset({"urged", "returned"})
"""Conditions that are a number of times; the others are yes or no."""
FOLLOW_UPS: Final[Names] = {
    "HEAD_EXPLAINS": ("单位主要负责人向领导作出说明", "The unit's head explains to the leader"),
    "RECTIFICATION_MEASURES": ("提出整改落实措施", "Rectification measures"),
}
APPROVERS: Final[Names] = {
    "LEADER": ("分管领导", "Leader in charge"),
    "HEAD": ("行政首长", "Head of government"),
    "LEADING_BODY": ("党委（党工委）、政府（管委会）", "Leading body"),
}
SLIP_KINDS: Final[Names] = {
    "TASK_NOTICE": ("任务通知单", "Task notice"),
    "TRACKING": ("跟踪督查单", "Tracking slip"),
    "COORDINATION": ("协调督办单", "Coordination slip"),
    "CANCELLATION": ("任务销号单", "Cancellation slip"),
    "SUPERVISION_SLIP": ("督查单", "Supervision slip"),
    "SUPERVISION_NOTICE": ("督查通知（单）", "Supervision notice"),
    "ORAL_NOTICE": ("电话通知", "Notice by telephone"),
    "INQUIRY": ("函查", "Inquiry by letter"),
}
ACCOUNTS: Final[Names] = {"UNITS": ("承办单位", "Units"), "SUPERVISORS": ("督查人员", "Supervisors")}
PROFILES: Final[Names] = {
    "GOVERNMENT": ("政府", "Government"),
    "PARTY_AND_GOVERNMENT": ("党委和政府合署", "Party and government together"),
}
COMPANY_VISITS: Final[Names] = {
    "THROUGH_DEPARTMENT": ("督查对象为主管部门，进企业按涉企检查规定", "The responsible department is the object"),
    "DIRECT": ("可直接进入企业督查", "Companies may be visited directly"),
}
