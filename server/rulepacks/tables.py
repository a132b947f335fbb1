"""Rows of rulepacks."""

from __future__ import annotations
