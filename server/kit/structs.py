"""Bases of what crosses the wire: inputs refuse unknown fields, outputs name every field."""

from __future__ import annotations

import msgspec


class Input(msgspec.Struct, forbid_unknown_fields=True):
    """An imperative from outside. Unknown fields are refused: a misspelt field must not vanish silently."""


class View(msgspec.Struct):
    """An answer. Views have no defaults, so that a forgotten field is a type error and not a missing key."""
