"""Rows of circulation."""

from __future__ import annotations
