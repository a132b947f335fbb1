"""Bases of what crosses the wire: inputs refuse unknown fields, outputs name every field."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

# For texts that must say something: blanks alone are no reason, no title and no name.
NOT_BLANK: Final = r"\S"
# No office means a day outside these years; at the very ends of the calendar nothing can be reckoned any more.
_YEARS: Final = range(1900, 2200)


class Input(msgspec.Struct, forbid_unknown_fields=True):
    """An imperative from outside. Unknown fields are refused: a misspelt field must not vanish silently."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, date) and value.year not in _YEARS:
                raise ValueError(f"{name}: name a day between the years {_YEARS[0]} and {_YEARS[-1]}")


class View(msgspec.Struct):
    """An answer. Views have no defaults, so that a forgotten field is a type error and not a missing key."""
