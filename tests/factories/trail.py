"""Items put where a test needs them, with the step that the database demands of every change."""

from __future__ import annotations

from typing import Any

from server.kit import db


def moved_sql(where: str = "true", *, also: str = "") -> str:
    """Statement that puts items into state ``$1`` and writes it in their trail.

    Args:
        where: which items, over ``o``; its arguments begin with ``$2``.
        also: further assignments, each beginning with a comma.
    """
    return (
        f"WITH moved AS (UPDATE items i SET state = $1{also} FROM items o WHERE o.id = i.id AND ({where})"
        " RETURNING i.id, i.org_id, o.state AS before)"
        " INSERT INTO item_steps (id, org_id, item_id, act, from_state, to_state, at)"
        " SELECT gen_random_uuid(), org_id, id, 'take_over', before, $1, now() FROM moved"
    )


async def moved(state: str, where: str = "true", *args: Any, also: str = "") -> None:
    """Put items into that state, as later stages will; all of them unless told which."""
    await db.execute(moved_sql(where, also=also), state, *args)
