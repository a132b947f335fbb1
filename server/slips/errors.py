"""What can go wrong with slips, receipts and what units settle among themselves."""

from __future__ import annotations

from server.kit.errors import DomainError


class SlipIncomplete(DomainError):
    """This slip cannot be issued yet; fill in the fields named below."""

    code, status = "slip_incomplete", 422
    zh = "未能签发：有内容缺失或不符合要求。请按提示补正后再签发。"


class OwnDraft(DomainError):
    """Who drafted a slip or wrote at it does not sign it; let another head of the office sign it off."""

    code, status = "own_draft", 409
    zh = "起草人和修改过草稿的人不能签发这份单子，请由另一位负责人签发。"


class OwnSignature(DomainError):
    """Who signed a slip does not withdraw it; let another head of the office or the leader in charge do so."""

    code, status = "own_signature", 409
    zh = "签发人不能自行撤回自己签发的单子，请由另一位负责人或分管领导撤回。"


class OwnRefusal(DomainError):
    """Nobody decides on a refusal of his own unit; let another leader in charge decide."""

    code, status = "own_refusal", 403
    zh = "任何人不得决定本单位的拒签，请由另一位分管领导决定。"


class CancellationNotYet(DomainError):
    """A cancellation slip cancels the entry of the ledger with it, which this edition cannot do yet; keep the draft."""

    code, status = "cancellation_not_yet", 409
    zh = "签发任务销号单须同时销号，当前版本尚不能办理销号；草稿可以保留，待可以销号时再签发。"


class NotInConsultation(DomainError):
    """Only who took part in the consultation records it, or the liaison or a leader of a unit that took part."""

    code, status = "not_in_consultation", 403
    zh = "只有参加协商的人员，或参加单位的联络员、分管和主要负责同志，可以记录这次协商。"


class NotACoordinationTask(DomainError):
    """Only a task of a coordination slip that your unit has signed for is reported done here."""

    code, status = "not_a_coordination_task", 409
    zh = "只有本单位已签收的协调督办单任务可以在这里报告办结。"


class TaskDone(DomainError):
    """This task has been reported done already."""

    code, status = "task_done", 409
    zh = "这项任务已报告办结，无需重复报告。"


class AlreadyIssued(DomainError):
    """This slip has just been issued by somebody else."""

    code, status = "already_issued", 409
    zh = "这份单子已由他人签发，无需重复签发。"


class AlreadySigned(DomainError):
    """Somebody of your unit has signed for this slip already."""

    code, status = "already_signed", 409
    zh = "本单位已有人签收这份单子，无需重复签收。"


class AlreadyRefused(DomainError):
    """Your unit has declined this slip; the leader in charge is to decide."""

    code, status = "already_refused", 409
    zh = "本单位已申请退回这份单子，正等待分管领导决定。"


class AlreadyDecided(DomainError):
    """The leader has decided on this refusal already."""

    code, status = "already_decided", 409
    zh = "对这次退回申请已经作出决定。"


class SlipWithdrawn(DomainError):
    """This slip was withdrawn; there is nothing more to do with it."""

    code, status = "slip_withdrawn", 409
    zh = "这份单子已撤回，无需再办理。"


class MustSign(DomainError):
    """The leader has rejected the refusal; your unit signs for the slip."""

    code, status = "must_sign", 409
    zh = "分管领导未同意退回，请本单位签收办理。"


class NotForItemState(DomainError):
    """A slip of this kind cannot be issued in the present state of the item."""

    code, status = "not_for_item_state", 409
    zh = "事项当前状态下不能签发这种单子。"


class UnknownPerson(DomainError):
    """There is no such person in this organisation."""

    code, status = "unknown_person", 422
    zh = "本级没有这个人员。"


class TaskInForce(DomainError):
    """The unit has signed for this task; it is no longer withdrawn but ended with the item."""

    code, status = "task_in_force", 409
    zh = "承办单位已签收，任务已经生效，不能再撤回。"


class NotAnAssistingUnit(DomainError):
    """Only an assisting unit that has signed for its task gives a contribution to the lead unit."""

    code, status = "not_an_assisting_unit", 409
    zh = "只有已签收的协办单位可以向主办单位提交协办意见。"


class NotJoint(DomainError):
    """Only units that handle an item together can disagree about it."""

    code, status = "not_joint", 409
    zh = "该事项不是会办，没有需要协商的单位。"


class NoConsultation(DomainError):
    """The principal leaders of the units consult each other first; record when, who and with what result."""

    code, status = "no_consultation", 409
    zh = "报请领导前，须先由相关单位主要负责同志协商，并记录时间、人员和结果。"


class PrincipalLeadersMissing(DomainError):
    """A consultation is between the principal leaders of at least two of the units concerned."""

    code, status = "principal_leaders_missing", 422
    zh = "协商须由至少两个相关单位的主要负责同志亲自参加。"


class ChairNotOfLeadUnit(DomainError):
    """The meeting is chaired by the principal leader of the lead unit."""

    code, status = "chair_not_of_lead_unit", 422
    zh = "协调会议须由主办单位主要负责同志主持。"


class AttendanceIncomplete(DomainError):
    """Say of every assisting unit whether its leader attended or was absent."""

    code, status = "attendance_incomplete", 422
    zh = "请逐一写明每个协办单位的负责同志出席或缺席。"
