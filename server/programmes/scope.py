"""Who may know of a programme: whoever may read programmes, in their own organisation."""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor


def visible_to(actor: Actor, first: int, programme: str = "g") -> tuple[str, list[Any]]:
    """A SQL condition over the programmes table under the alias ``programme``, and its argument.

    Args:
        actor: who reads; the permission to read programmes is asked for by the route.
        first: number of the positional parameter that the condition uses.
        programme: alias of ``programmes`` in the query.
    """
    return f"{programme}.org_id = ${first}", [actor.org_id]
