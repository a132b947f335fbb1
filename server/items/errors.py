"""What can go wrong with items and sites."""

from __future__ import annotations

from server.kit.errors import DomainError
from server.kit.secrecy import StateSecretRefused

__all__ = ["StateSecretRefused", "UnknownUnit"]


class UnknownUnit(DomainError):
    """There is no such unit in this organisation."""

    code, status = "unknown_unit", 422
    zh = "本级没有这个单位。"


class AssistingUnitCannotReport(DomainError):
    """Only the lead unit reports; send your contribution to it."""

    code, status = "assisting_unit_cannot_report", 409
    zh = "协办单位不直接上报,请将意见提交主办单位,由主办单位综合后上报。"
