"""What can go wrong with items and sites."""

from __future__ import annotations

from server.kit.errors import DomainError


class StateSecretRefused(DomainError):
    """This text is marked as a state secret. Nothing was stored: use the confidential channel, not this system."""

    code, status = "state_secret_refused", 422
    zh = "内容带有国家秘密标志,系统未保存任何内容。请通过机要渠道办理,不得录入本系统。"


class UnknownUnit(DomainError):
    """There is no such unit in this organisation."""

    code, status = "unknown_unit", 422
    zh = "本级没有这个单位。"
