"""What can go wrong with programmes."""

from __future__ import annotations

from server.kit.errors import DomainError


class OwnProgramme(DomainError):
    """Nobody approves a programme that he wrote at; another leader must approve it."""

    code, status = "own_programme", 409
    zh = "任何人不得批准本人参与拟订的计划，请由其他领导批准。"


class ProgrammeEmpty(DomainError):
    """A programme has at least one entry before it goes to a leader; add one."""

    code, status = "programme_empty", 422
    zh = "计划中还没有任务，请至少填写一项后再报批。"


class AmendmentUnderWay(DomainError):
    """A version of this programme is being written or lies before a leader already; go on with that one."""

    code, status = "amendment_under_way", 409
    zh = "该计划已有一个版本正在拟订或报批，请在该版本上继续。"


class NothingApproved(DomainError):
    """Nothing of this programme has been approved yet; change the draft itself."""

    code, status = "nothing_approved", 409
    zh = "该计划还没有已批准的版本，请直接修改草稿。"


class UnknownEntry(DomainError):
    """The programme in force has no such entry; look at its present version."""

    code, status = "unknown_entry", 422
    zh = "现行计划中没有这一项任务，请查看最新版本。"
