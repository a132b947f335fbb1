"""What can go wrong with bundles."""

from __future__ import annotations

from server.kit.errors import DomainError


class LogPending(DomainError):
    """Some statements are not in the public log yet; nothing is wrong, try again in a few seconds."""

    code, status = "log_pending", 503
    zh = "部分记录尚未写入公开日志，属正常情况，请几秒钟后再试。"


class QuorumPending(DomainError):
    """Too few witnesses have signed any checkpoint of the log yet, and whoever asks for them would refuse this bundle.

    They sign hourly: fetch it later within the day, or fetch it early all the same and once more later.
    """

    code, status = "quorum_pending", 409
    zh = (
        "尚未达到见证数，要求见证的核验方会不予认可。见证人每小时会签，请在一天内稍后再取；也可先行下载，日后再取一次。"
    )


class PurposeMissing(DomainError):
    """Say what the bundle is for; the purpose is recorded for ever."""

    code, status = "purpose_missing", 422
    zh = "请填写导出用途。用途将永久记录在案。"


class OriginalGone(DomainError):
    """An original that was received cannot be found in the store; tell the administrator at once."""

    code, status = "original_gone", 500
    zh = "已收到的原件在存储中找不到，请立即告知系统管理员。"


class RecordAltered(DomainError):
    """A signed record is no longer the one that was received; nothing is exported until this is explained."""

    code, status = "record_altered", 500
    zh = "有签名记录与收到时不同，查明之前不得导出。请立即告知系统管理员和安全审计员。"


class ExportEnded(DomainError):
    """This export was made more than a day ago; make a new one, so that it is recorded again."""

    code, status = "export_ended", 410
    zh = "这次导出已超过一天，请重新导出，以便重新记录。"


class NothingToExport(DomainError):
    """There is no evidence here yet."""

    code, status = "nothing_to_export", 409
    zh = "这里还没有取证，无可导出。"


class NotSealed(DomainError):
    """No chain of this visit is sealed yet; the slip is printed once the inspector has sealed it on the phone."""

    code, status = "not_sealed", 409
    zh = "这次检查的取证尚未封存。检查人员在手机上封存后即可打印凭条。"
