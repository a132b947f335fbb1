"""What an audit says."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree, as a sentence in both languages; ``code`` is stable."""

    code: str
    zh: str
    en: str


@dataclass(slots=True)
class Report:
    """What was looked at, what still waits, what does not agree, and what a reader must know besides."""

    leaves: int = 0
    checkpoints: int = 0
    entries: int = 0
    statements: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)

    def say(self, code: str, zh: str, en: str) -> None:
        """Note something that does not agree."""
        self.findings.append(Finding(code, zh, en))

    def remark(self, code: str, zh: str, en: str) -> None:
        """Note something that agrees, or could not be asked, and that a reader must know."""
        self.remarks.append(Finding(code, zh, en))
