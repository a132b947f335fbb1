"""What can go wrong with rule packs."""

from __future__ import annotations

from server.kit.errors import DomainError


class PackProblems(DomainError):
    """The rule pack is refused; correct the lines named below, all at once."""

    code, status = "pack_problems", 422
    zh = "规则包未被接受，请按所列行号逐条更正。"


class UnknownPack(DomainError):
    """There is no such rule pack, or not in that version."""

    code, status = "unknown_pack", 404
    zh = "没有这个规则包，或没有这个版本。"


class ShippedName(DomainError):
    """That id belongs to a pack that comes with the program; give your own pack an id of its own."""

    code, status = "shipped_name", 422
    zh = "该标识属于系统自带的规则包，请为本单位的规则包另取标识。"


class OwnDraft(DomainError):
    """Whoever drafted a rule pack or submitted it does not take it into force; another leader does."""

    code, status = "own_draft", 409
    zh = "起草或送审规则包的人不得自行批准施行，请由另一位领导批准。"


class ForceInThePast(DomainError):
    """A rule pack takes force today or later, never backwards."""

    code, status = "force_in_the_past", 422
    zh = "规则包只能自今日或以后施行，不得溯及既往。"
