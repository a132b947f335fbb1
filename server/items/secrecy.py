"""The secrecy check of ``server.kit.secrecy`` under the name by which items and the words above know it."""

from __future__ import annotations

from server.kit.secrecy import carries_marking, refuse_state_secrets

__all__ = ["carries_marking", "refuse_state_secrets"]
