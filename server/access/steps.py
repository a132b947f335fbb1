"""Whether somebody's functions are among those that a lifecycle's row names."""

from __future__ import annotations

from collections.abc import Collection

from server.access.errors import NotYourStep
from server.access.roles import Role
from server.kit.lifecycle import Step


def must_take(step: Step, held: Collection[Role]) -> None:
    """Refuse a step to somebody without a function for it.

    Raises:
        NotYourStep: none of the functions held is in the lifecycle's row.
    """
    if not set(held) & set(step.by):
        raise NotYourStep(params={"act": step.act, "by": [str(role) for role in step.by]})
