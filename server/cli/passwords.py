"""First passwords as somebody types them: twice on a terminal, or a line each on standard input."""

import getpass
import sys
from collections.abc import Sequence

from server.cli.command import Refused


def first_passwords(whose: Sequence[str]) -> list[str]:
    """A first password for each; ``whose`` says for whom it is asked.

    Raises:
        Refused: not as many lines, or the two do not agree.
    """
    if not sys.stdin.isatty():
        lines = sys.stdin.read().splitlines()
        if len(lines) != len(whose):
            zh, en = {1: ("一行", "one line"), 3: ("三行", "three lines")}[len(whose)]
            raise Refused(f"标准输入须为{zh}，每行一个初始密码 · standard input must have {en}, a password each")
        return lines
    passwords = []
    for one in whose:
        typed = getpass.getpass(f"  {one} 的初始密码 · first password: ")
        if getpass.getpass("  再输入一次 · once more: ") != typed:
            raise Refused("两次输入不一致，未作任何更改 · the two do not agree; nothing was changed")
        passwords.append(typed)
    return passwords
