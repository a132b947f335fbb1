"""The unclassified edition refuses state secrets at every entrance (handbook B13; 保守国家秘密法 art. 29, 31).

Only a *marking* is refused. Ordinary sentences about secrets (商业秘密, 保守秘密) are not: art. 22 forbids to treat as
a state secret what is none. Pure: the caller stores nothing when this raises.
"""

from __future__ import annotations

import re
import unicodedata

from server.kit.errors import DomainError, FieldProblem

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
# No blank is matched from two places: a text of many blank lines must not hold up everybody else's requests.
_MARKING = re.compile(
    rf"{_LEVEL}\s*[★☆⭐*]"  # 绝密★30年
    rf"|密\s*级\s*(?:[:：]\s*)?{_LEVEL}"  # 密级：机密
    rf"|[\[(【〔〈<《]\s*{_LEVEL}\s*(?:级|件|文件)?\s*[\])】〕〉>》]"  # 【秘密】
    rf"|绝\s*密\s*(?:级|件|文件)|(?<![业作])[机秘]\s*密\s*级(?!别)"  # 绝密级, 机密级
    rf"|^[^\S\n]*{_LEVEL}[^\S\n]*$",  # a line of its own, as in a document head
    re.MULTILINE,
)


class StateSecretRefused(DomainError):
    """This text is marked as a state secret. Nothing was stored: use the confidential channel, not this system."""

    code, status = "state_secret_refused", 422
    zh = "内容带有国家秘密标志，系统未保存任何内容。请通过机要渠道办理，不得录入本系统。"


def carries_marking(text: str) -> bool:
    """Whether a text carries the mark of a classified document, in whatever width or spacing it was typed."""
    return _MARKING.search(unicodedata.normalize("NFKC", text)) is not None


def refuse_state_secrets(**texts: str) -> None:
    """Refuse an input when one of its texts, named by field, carries such a mark.

    Raises:
        StateSecretRefused: names the fields, never their content.
    """
    marked = tuple(
        FieldProblem(field=field, code="state_secret_marking", detail="This field carries a classification mark.")
        for field, text in texts.items()
        if carries_marking(text)
    )
    if marked:
        raise StateSecretRefused(errors=marked)
