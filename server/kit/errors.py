"""Errors are sentences with a code and a status, sent as RFC 9457 problem details.

The docstring of the class is the English sentence; ``zh`` is the Chinese one. Clients translate by ``code`` and
fill in ``params``, so codes are stable.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field of an input; ``field`` is its JSON path."""

    field: str
    code: str
    detail: str


class DomainError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    zh: ClassVar[str] = "未能完成该操作。"

    def __init__(
        self,
        detail: str | None = None,
        *,
        params: dict[str, Any] | None = None,
        errors: tuple[FieldProblem, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.title = (type(self).__doc__ or "").strip().splitlines()[0]
        self.detail = detail or self.title
        self.params = params or {}
        self.errors = errors
        self.headers = headers or {}
        super().__init__(self.detail)


class NotFound(DomainError):
    """There is nothing here, or nothing that you may see."""

    code, status = "not_found", 404
    zh = "此处没有内容，或您无权查看。"


class NotSignedIn(DomainError):
    """Sign in first."""

    code, status = "not_signed_in", 401
    zh = "请先登录。"


class NotPermitted(DomainError):
    """Your roles do not include this act."""

    code, status = "not_permitted", 403
    zh = "您的角色没有此项权限。"


class InvalidInput(DomainError):
    """Some fields are missing or wrong; correct the fields named below."""

    code, status = "invalid_input", 422
    zh = "有字段缺失或填写有误，请按提示更正。"


class ChangedMeanwhile(DomainError):
    """Somebody changed this in the meantime; look at the new state and decide again."""

    code, status = "changed_meanwhile", 409
    zh = "该记录刚刚被他人更改，请查看最新状态后再操作。"


class WrongState(DomainError):
    """This step is not possible in the present state."""

    code, status = "wrong_state", 409
    zh = "当前状态下不能执行这一步。"


class IdReused(DomainError):
    """This id was used before for something else; mint a new one."""

    code, status = "id_reused", 409
    zh = "该标识已用于其他内容，请使用新的标识。"


class BusyNow(DomainError):
    """The service is busy; nothing was lost, try again in a moment."""

    code, status = "busy", 503
    zh = "服务繁忙，内容未丢失，请稍后重试。"


class Unavailable(DomainError):
    """The database is restarting; nothing was lost, try again in a moment."""

    code, status = "unavailable", 503
    zh = "数据库正在恢复，内容未丢失，请稍后重试。"
