"""``Idempotency-Key`` on requests that have no id of their own: a second delivery changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from litestar import Request

from server.journal.commands_ledger import AlreadyApplied, Delivery, delivering
from server.kit.errors import FieldProblem, InvalidInput


@contextmanager
def applied_once(request: Request[Any, Any, Any], body: Any = None) -> Iterator[None]:
    """Run a command inside, at most once for the key that the request carries; without a key, just run it.

    A repeated delivery falls through, so that the handler answers with the state as it now is.

    Raises:
        InvalidInput: the key is not a UUID.
        IdReused: the key was used for something else.
    """
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        yield
        return
    try:
        command_id = UUID(key)
    except ValueError as error:
        problem = FieldProblem(field="Idempotency-Key", code="not_a_uuid", detail="The key is a UUID minted once.")
        raise InvalidInput(errors=(problem,)) from error
    with delivering(Delivery.of(command_id, f"{request.method} {request.url.path}", body)):
        try:
            yield
        except AlreadyApplied:
            return
