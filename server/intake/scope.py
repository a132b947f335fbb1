"""Who may know of received matters: the registrar and the head of the office, in their own organisation."""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor


def visible_to(actor: Actor, first: int, matter: str = "m") -> tuple[str, list[Any]]:
    """A SQL condition over ``intake_matters`` under the alias ``matter``, and its argument.

    Args:
        actor: who reads; the permission to register is asked for by the route.
        first: number of the positional parameter that the condition uses.
        matter: alias of the table in the query.
    """
    return f"{matter}.org_id = ${first}", [actor.org_id]
