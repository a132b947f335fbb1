"""Refusals of the log."""

from __future__ import annotations

from server.kit.errors import DomainError


class NotPublishedYet(DomainError):
    """You have seen more of the log than is published now; ask again after the next hour."""

    code, status = "not_published_yet", 409
    zh = "您见过的日志比目前公布的更新，请在下一次整点公布之后再查。"


class KeyNotRotated(DomainError):
    """Two persons must sign in for this, both in service: an administrator, and an auditor or secrecy officer."""

    code, status = "log_key_not_rotated", 403
    zh = "更换日志密钥须由两名在职人员分别登录确认：一名系统管理员，另一名安全审计员或保密员。"


class RotationUnderWay(DomainError):
    """The key made last is not in the log yet; wait until the worker has signed it in."""

    code, status = "log_rotation_under_way", 409
    zh = "上一次更换的密钥尚未进入日志，请等待后台处理完成。"
