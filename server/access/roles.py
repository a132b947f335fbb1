"""Roles and permissions of the handbook's part D (D9), as data.

A permission is ``word.act``. Row scope is not here: what a holder may see of the rows is decided in each package's
``queries.py``.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Every act that a route can demand."""

    SELF = "self"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    ACCOUNT_READ = "account.read"
    ROLE_CONFIRM = "role.confirm"
    CONTACT_MANAGE = "contact.manage"
    DEVICE_READ = "device.read"
    DEVICE_CONFIRM = "device.confirm"
    ITEM_READ = "item.read"
    ITEM_REGISTER = "item.register"
    ITEM_PROPOSE = "item.propose"
    ITEM_SIGN = "item.sign"
    ITEM_DIRECT = "item.direct"
    ITEM_HANDLE = "item.handle"
    ITEM_EXTEND = "item.extend"
    ITEM_PLAN = "item.plan"
    SLIP_READ = "slip.read"
    SLIP_DRAFT = "slip.draft"
    SLIP_ISSUE = "slip.issue"
    SLIP_RECEIVE = "slip.receive"
    MEETING_READ = "meeting.read"
    MEETING_RECORD = "meeting.record"
    CIRCULATION_READ = "circulation.read"
    CIRCULATION_KEEP = "circulation.keep"
    CALENDAR_READ = "calendar.read"
    CALENDAR_IMPORT = "calendar.import"
    RULE_READ = "rule.read"
    RULE_EDIT = "rule.edit"
    RULE_ENACT = "rule.enact"
    PROGRAMME_READ = "programme.read"
    PROGRAMME_DRAFT = "programme.draft"
    PROGRAMME_APPROVE = "programme.approve"
    SITE_READ = "site.read"
    SITE_MANAGE = "site.manage"
    VISIT_READ = "visit.read"
    VISIT_PLAN = "visit.plan"
    VISIT_APPROVE = "visit.approve"
    VISIT_LOCK = "visit.lock"
    VISIT_CONDUCT = "visit.conduct"
    VISIT_ABORT = "visit.abort"
    VISIT_RELEASE = "visit.release"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_RECORD = "evidence.record"
    EVIDENCE_REVIEW = "evidence.review"
    EVIDENCE_EXPORT = "evidence.export"
    EVIDENCE_EXPORT_PERSONAL = "evidence.export_personal"
    FINDING_READ = "finding.read"
    FINDING_RECORD = "finding.record"
    FINDING_CONFIRM = "finding.confirm"
    CASE_READ = "case.read"
    CASE_DRAFT = "case.draft"
    CASE_PROPOSE = "case.propose"
    ALARM_READ = "alarm.read"
    AUDIT_READ = "audit.read"


class Role(StrEnum):
    """The roles of part D."""

    REG = "REG"
    SUP = "SUP"
    OFFICE = "OFFICE"
    LEADER = "LEADER"
    HEAD = "HEAD"
    ORIGIN = "ORIGIN"
    LIAISON = "LIAISON"
    UHEAD = "UHEAD"
    UDEP = "UDEP"
    UH = "UH"
    TL = "TL"
    TM = "TM"
    OBS = "OBS"
    JW = "JW"
    KH = "KH"
    ARC = "ARC"
    SEC = "SEC"
    ADM = "ADM"
    AUD = "AUD"


ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.REG: ("督查登记员", "Registrar"),
    Role.SUP: ("督查员", "Supervisor"),
    Role.OFFICE: ("督查室负责人", "Head of the supervision office"),
    Role.LEADER: ("分管领导", "Leader in charge"),
    Role.HEAD: ("行政首长", "Head of government"),
    Role.ORIGIN: ("批示领导", "Instructing leader"),
    Role.LIAISON: ("督查联络员", "Unit liaison"),
    Role.UHEAD: ("单位主要负责人", "Unit's principal leader"),
    Role.UDEP: ("单位分管负责人", "Unit's leader in charge"),
    Role.UH: ("单位承办人", "Unit handler"),
    Role.TL: ("督查组组长", "Team leader"),
    Role.TM: ("督查组成员", "Team member"),
    Role.OBS: ("受邀专家/群众代表", "Invited observer"),
    Role.JW: ("纪检监察", "Discipline and supervision organ"),
    Role.KH: ("绩效考核", "Assessment office"),
    Role.ARC: ("档案员", "Archivist"),
    Role.SEC: ("保密员", "Secrecy officer"),
    Role.ADM: ("系统管理员", "Administrator"),
    Role.AUD: ("安全审计员", "Auditor"),
}

_P = Permission
_READ = {
    _P.SELF,
    _P.PEOPLE_READ,
    _P.ITEM_READ,
    _P.SITE_READ,
    _P.VISIT_READ,
    _P.EVIDENCE_READ,
    _P.FINDING_READ,
}
_FIELD = {_P.VISIT_CONDUCT, _P.VISIT_ABORT, _P.EVIDENCE_RECORD, _P.FINDING_RECORD}
_LEDGER = {
    _P.SLIP_READ,
    _P.MEETING_READ,
    _P.CIRCULATION_READ,
    _P.CALENDAR_READ,
    _P.RULE_READ,
    _P.PROGRAMME_READ,
}
_UNIT = {
    _P.SELF,
    _P.ITEM_READ,
    _P.ITEM_HANDLE,
    _P.SLIP_READ,
    _P.SLIP_RECEIVE,
    _P.CALENDAR_READ,
    _P.RULE_READ,
    _P.VISIT_READ,
    _P.EVIDENCE_READ,
    _P.FINDING_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REG: frozenset(
        {
            *_LEDGER,
            _P.SELF,
            _P.PEOPLE_READ,
            _P.ITEM_READ,
            _P.ITEM_REGISTER,
            _P.MEETING_RECORD,
            _P.CIRCULATION_KEEP,
            _P.SITE_READ,
        }
    ),
    Role.SUP: frozenset(
        {
            *_READ,
            *_FIELD,
            *_LEDGER,
            _P.ITEM_PROPOSE,
            _P.ITEM_PLAN,
            _P.PROGRAMME_DRAFT,
            _P.SLIP_DRAFT,
            _P.MEETING_RECORD,
            _P.VISIT_PLAN,
            _P.SITE_MANAGE,
            _P.EVIDENCE_REVIEW,
            _P.EVIDENCE_EXPORT,
            _P.CASE_READ,
            _P.CASE_DRAFT,
        }
    ),
    Role.OFFICE: frozenset(
        {
            *_READ,
            *_LEDGER,
            _P.ITEM_REGISTER,
            _P.ITEM_DIRECT,
            _P.ITEM_EXTEND,
            _P.ITEM_PLAN,
            _P.PROGRAMME_DRAFT,
            _P.SLIP_DRAFT,
            _P.SLIP_ISSUE,
            _P.CONTACT_MANAGE,
            _P.MEETING_RECORD,
            _P.CIRCULATION_KEEP,
            _P.CALENDAR_IMPORT,
            _P.RULE_EDIT,
            _P.SITE_MANAGE,
            _P.VISIT_PLAN,
            _P.VISIT_LOCK,
            _P.VISIT_ABORT,
            _P.VISIT_RELEASE,
            _P.EVIDENCE_REVIEW,
            _P.EVIDENCE_EXPORT,
            _P.EVIDENCE_EXPORT_PERSONAL,
            _P.FINDING_CONFIRM,
            _P.CASE_READ,
            _P.CASE_DRAFT,
            _P.CASE_PROPOSE,
            _P.DEVICE_READ,
            _P.DEVICE_CONFIRM,
            _P.ALARM_READ,
        }
    ),
    Role.LEADER: frozenset(
        {
            *_READ,
            *_LEDGER,
            _P.ITEM_SIGN,
            _P.ITEM_EXTEND,
            _P.RULE_ENACT,
            _P.PROGRAMME_APPROVE,
            _P.VISIT_APPROVE,
            _P.CASE_READ,
        }
    ),
    Role.HEAD: frozenset(
        {*_READ, *_LEDGER, _P.ITEM_SIGN, _P.RULE_ENACT, _P.PROGRAMME_APPROVE, _P.VISIT_APPROVE, _P.CASE_READ}
    ),
    Role.ORIGIN: frozenset({_P.SELF, _P.ITEM_READ, _P.ITEM_EXTEND, _P.CIRCULATION_READ}),
    Role.LIAISON: frozenset({*_UNIT, _P.CONTACT_MANAGE}),
    Role.UHEAD: frozenset({*_UNIT, _P.CONTACT_MANAGE}),
    Role.UDEP: frozenset({*_UNIT, _P.CONTACT_MANAGE}),
    Role.UH: frozenset(_UNIT),
    Role.TL: frozenset({*_READ, *_FIELD}),
    Role.TM: frozenset({*_READ, *_FIELD}),
    Role.OBS: frozenset({_P.SELF}),
    Role.JW: frozenset({_P.SELF, _P.CASE_READ}),
    Role.KH: frozenset({_P.SELF}),
    Role.ARC: frozenset({_P.SELF, _P.ITEM_READ}),
    # Phones are confirmed by those who issue them. Not by the administrator, who makes accounts (and could make both).
    # Nor does the administrator alone give a role: it takes force when the secrecy officer confirms it.
    Role.SEC: frozenset(
        {_P.SELF, _P.PEOPLE_READ, _P.ACCOUNT_READ, _P.ROLE_CONFIRM, _P.DEVICE_READ, _P.DEVICE_CONFIRM, _P.ALARM_READ}
    ),
    Role.ADM: frozenset({_P.SELF, _P.PEOPLE_READ, _P.PEOPLE_MANAGE, _P.ACCOUNT_READ, _P.DEVICE_READ}),
    Role.AUD: frozenset({_P.SELF, _P.AUDIT_READ, _P.ALARM_READ}),
}

OFFICERS: frozenset[Role] = frozenset({Role.ADM, Role.SEC, Role.AUD})
"""The three who watch each other (三员分立): each is a person of its own, with no other role."""

UNIT_ROLES: frozenset[Role] = frozenset({Role.LIAISON, Role.UHEAD, Role.UDEP, Role.UH})
"""Those of the units under supervision."""


def stay_apart(roles: frozenset[Role]) -> bool:
    """Whether one person may hold all of these: an officer's role goes with no other."""
    return len(roles) <= 1 or roles.isdisjoint(OFFICERS)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """What the holder of these roles may do. Whoever has no role yet has an account all the same."""
    return frozenset({Permission.SELF}).union(*(ROLE_PERMISSIONS[role] for role in roles))
