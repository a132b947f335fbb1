"""Rows of attachments."""

from __future__ import annotations
