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
    """What was looked at, what still waits, and what does not agree."""

    leaves: int = 0
    checkpoints: int = 0
    entries: int = 0
    statements: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, zh: str, en: str) -> None:
        """Note something that does not agree."""
        self.findings.append(Finding(code, zh, en))
