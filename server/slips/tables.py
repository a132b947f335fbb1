"""Rows of slips."""

from __future__ import annotations
