"""What all commands share: their place in the parser, and how one says that it cannot be carried out."""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Refused(RuntimeError):
    """The command cannot be carried out; the message says why, in both languages."""
