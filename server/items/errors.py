"""What can go wrong with items and sites."""

from __future__ import annotations

from server.kit.errors import DomainError
from server.kit.secrecy import StateSecretRefused

__all__ = [
    "AlreadySigned",
    "AssistingUnitCannotReport",
    "FirstSignatureMissing",
    "HeadMustSign",
    "MergeTargetClosed",
    "MergeWithItself",
    "MethodAmendmentPending",
    "NotAnObject",
    "OneSignatureDecides",
    "OwnItemProposal",
    "ProposalIncomplete",
    "SameSourceRegistered",
    "SignedByYou",
    "StateSecretRefused",
    "UnknownPerson",
    "UnknownUnit",
]


class UnknownUnit(DomainError):
    """There is no such unit in this organisation."""

    code, status = "unknown_unit", 422
    zh = "本级没有这个单位。"


class UnknownPerson(DomainError):
    """There is no such person in this organisation, or none who can do this."""

    code, status = "unknown_person", 422
    zh = "本级没有这个人，或其不具备该职责。"


class NotAnObject(DomainError):
    """Only departments, lower governments and bodies with public functions are supervised: no company, no citizen."""

    code, status = "not_an_object", 422
    zh = "督查对象只能是政府部门、下级政府和行使公共职能的组织，不能是企业或个人（督查工作条例第五条）。"


class SameSourceRegistered(DomainError):
    """This source is in the ledger already. Open that item, or say why it is registered all the same."""

    code, status = "same_source_registered", 409
    zh = "同一来源已在台账登记。请查看已登记事项；确需另行登记的，请写明理由。"


class ProposalIncomplete(DomainError):
    """The proposal is not complete yet; fill in what is named below."""

    code, status = "proposal_incomplete", 422
    zh = "拟办意见还不完整，请补齐下列内容后送审。"


class OwnItemProposal(DomainError):
    """Nobody approves his own proposal; another leader must sign."""

    code, status = "own_item_proposal", 409
    zh = "任何人不得审批本人拟办的事项，请由其他领导签批。"


class AlreadySigned(DomainError):
    """This signature was given a moment ago; look at the item as it stands now."""

    code, status = "already_signed", 409
    zh = "该签批刚刚已由他人完成，请查看最新状态。"


class FirstSignatureMissing(DomainError):
    """The first signature comes first; sign as the leader in charge, or wait for it."""

    code, status = "first_signature_missing", 409
    zh = "须先由分管领导审核，再行审定。"


class SignedByYou(DomainError):
    """You signed this round already; the second signature is another person's."""

    code, status = "signed_by_you", 409
    zh = "您已在本轮签批，审定须由另一位领导完成。"


class OneSignatureDecides(DomainError):
    """The rules in force ask for one signature only; sign the decision itself."""

    code, status = "one_signature_decides", 409
    zh = "现行规则只要求一级签批，请直接审定。"


class MethodAmendmentPending(DomainError):
    """A change of the method waits for a leader's signature; let it be decided or withdrawn first."""

    code, status = "method_amendment_pending", 409
    zh = "督查办法的变更正待领导签批，请先完成签批或撤回变更。"


class HeadMustSign(DomainError):
    """What the office itself proposes is decided by the head of government (733 art. 11)."""

    code, status = "head_must_sign", 403
    zh = "督查机构建议的事项须由行政首长审定（督查工作条例第十一条）。"


class MergeWithItself(DomainError):
    """An item cannot be merged into itself or into a part of itself."""

    code, status = "merge_with_itself", 422
    zh = "事项不能并入自身或其分解事项。"


class MergeTargetClosed(DomainError):
    """The item to merge into is no longer open; choose one that is."""

    code, status = "merge_target_closed", 409
    zh = "目标事项已不在办理中，请选择仍在办理的事项。"


class AssistingUnitCannotReport(DomainError):
    """Only the lead unit reports; send your contribution to it."""

    code, status = "assisting_unit_cannot_report", 409
    zh = "协办单位不直接上报，请将意见提交主办单位，由主办单位综合后上报。"
