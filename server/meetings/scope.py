"""Who may know of a meeting: whoever may read meetings, in their own organisation."""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor


def visible_to(actor: Actor, first: int, meeting: str = "m") -> tuple[str, list[Any]]:
    """A SQL condition over the meetings table under the alias ``meeting``, and its argument.

    Args:
        actor: who reads; the permission to read meetings is asked for by the route.
        first: number of the positional parameter that the condition uses.
        meeting: alias of ``meetings`` in the query.
    """
    return f"{meeting}.org_id = ${first}", [actor.org_id]
