"""What can go wrong with evidence."""

from __future__ import annotations

from server.kit.errors import DomainError


class StatementUnreadable(DomainError):
    """The statement does not have the form that was agreed; it was not recorded."""

    code, status = "bad_statement", 422
    zh = "签名记录格式不符合约定，未予登记。"


class SignatureInvalid(DomainError):
    """The signature does not belong to this statement; it was not recorded."""

    code, status = "signature_invalid", 422
    zh = "签名与记录不符，未予登记。"


class StatementMismatch(DomainError):
    """The statement contradicts what is known of its session, visit or device; it was not recorded."""

    code, status = "statement_mismatch", 422
    zh = "签名记录与所属会话、督查或设备不一致，未予登记。"


class ChainGap(DomainError):
    """An earlier statement of this session has not arrived yet; send that first, then this one again."""

    code, status = "chain_gap", 409
    zh = "同一取证会话中更早的记录尚未到达，请先发送，再重试本条。"


class ChainConflict(DomainError):
    """Another statement already stands at this place of the chain; keep yours on the phone for examination."""

    code, status = "chain_conflict", 409
    zh = "取证链的这一位置已有另一条记录，请保留设备上的内容备查。"


class SessionSealed(DomainError):
    """This session was sealed; nothing can be added to it."""

    code, status = "session_sealed", 409
    zh = "该取证会话已封存，不能再添加记录。"


class NotOnTeam(DomainError):
    """Only members of the visit's team record evidence of it."""

    code, status = "not_on_team", 403
    zh = "只有督查组成员可以登记本次督查的证据。"


class DeviceUnknown(DomainError):
    """This phone is not enrolled under your account; enrol it first."""

    code, status = "device_unknown", 409
    zh = "该设备尚未登记在您的账户下，请先登记。"


class KeyReused(DomainError):
    """This session key was introduced before by another session; make a new one."""

    code, status = "key_reused", 409
    zh = "该会话密钥已被其他会话使用，请生成新的密钥。"


class TooManyChains(DomainError):
    """As many chains were opened in your name today as are taken in a day; the phone keeps the rest and tries again."""

    code, status = "too_many_chains", 429
    zh = "一天内以您的名义开启的取证会话已达上限，其余由手机保留并自动重试。"


class TooManyAlarms(DomainError):
    """As many alarms were raised in your name today as are taken in a day; the phone keeps the rest and tries again."""

    code, status = "too_many_alarms", 429
    zh = "一天内以您的名义上报的警报已达上限，其余由手机保留并自动重试。"


class ReasonMissing(DomainError):
    """Give a reason."""

    code, status = "reason_missing", 422
    zh = "请填写理由。"


class CaptureDiscarded(DomainError):
    """The inspector discarded this capture; it can be looked at but no longer be judged."""

    code, status = "capture_discarded", 409
    zh = "督查员已声明作废该取证，可以查看，不能再审核。"


class CaptureCited(DomainError):
    """A case cites this capture; your declaration is on record, but the capture stays valid."""

    code, status = "capture_cited", 409
    zh = "该取证已被问责事项引用，您的作废声明已记录在案，但取证继续有效。"


class CaptureUnknown(DomainError):
    """No capture of yours in this visit has that id; your declaration is on record and has no effect."""

    code, status = "capture_unknown", 409
    zh = "本次督查中没有您的这份取证，作废声明已记录在案，但不产生效果。"


class AlreadyAnswered(DomainError):
    """This question was answered before."""

    code, status = "already_answered", 409
    zh = "该问题已有答复。"


class OwnEvidence(DomainError):
    """Nobody judges evidence that they captured themselves; ask a colleague."""

    code, status = "own_evidence", 403
    zh = "不能审核本人取得的证据，请由其他督查员审核。"
