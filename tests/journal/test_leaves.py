"""What enters the log of an act: canonical bytes that anybody can make again from the rows."""

from __future__ import annotations

import hashlib
import types
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import pytest

import server.app  # noqa: F401  (all packages, and with them all events)
from server.journal.events import Change, Event
from server.journal.leaves import b64u, entry_bytes, entry_leaf, key_leaf, leaf_hash, statement_leaf
from server.kit import canonical

IDS = [UUID(f"01a20117-1daf-7143-834f-e89f01ebc30{n}") for n in range(5)]
AT = datetime(2026, 11, 22, 2, 0, 0, 123456, UTC)


def test_the_bytes_of_an_entry_are_the_canonical_json_of_its_fields() -> None:
    data = {"理由": "“开工”\n\\ 𝒳 \u2028", "b": [1, None, True, {"z": -5, "é": ""}]}
    for actor, command in ((IDS[3], IDS[4]), (None, None)):
        entry = entry_bytes(
            id=IDS[0],
            org_id=IDS[1],
            kind="item.assigned",
            subject_kind="item",
            subject_id=IDS[2],
            actor_id=actor,
            command_id=command,
            at=AT,
            data=data,
        )
        assert entry == canonical.encode(
            {
                "t": "entry/1",
                "id": str(IDS[0]),
                "org": str(IDS[1]),
                "kind": "item.assigned",
                "subject_kind": "item",
                "subject": str(IDS[2]),
                "actor": str(actor) if actor else None,
                "command": str(command) if command else None,
                "at_us": 1795312800123456,
                "data": data,
            }
        )
        digest = b64u(hashlib.sha256(entry).digest())
        assert entry_leaf(entry) == canonical.encode({"t": "leaf/1", "k": "entry", "sha256": digest})


def test_leaves_of_statements_and_keys_are_canonical() -> None:
    env, stmt = bytes(range(32)), bytes(range(32, 64))
    assert statement_leaf(env, stmt, 1_795_312_800_123) == canonical.encode(
        {"t": "leaf/1", "k": "statement", "env": b64u(env), "stmt": b64u(stmt), "recv_ms": 1_795_312_800_123}
    )
    assert canonical.decode(key_leaf("a/b+0+c"))["vkey"] == "a/b+0+c"
    assert leaf_hash(b"leaf") == hashlib.sha256(b"\0leaf").digest()


def events(kind: type[Event] = Event) -> Iterator[type[Event]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("server.") and hasattr(one, "KIND"):
            yield one
        yield from events(one)


@pytest.mark.parametrize("event", sorted(set(events()), key=lambda one: one.KIND), ids=lambda one: one.KIND)
def test_no_event_has_data_that_cannot_be_logged(event: type[Event]) -> None:
    """Floats would be spelt differently by every language; kinds go into the bytes without escaping."""
    assert set(event.KIND + event.SUBJECT) <= set("abcdefghijklmnopqrstuvwxyz_.")
    for field in msgspec.structs.fields(event):
        _check(field.type, f"{event.__name__}.{field.name}")


PLAIN = (str, int, bool, type(None), UUID, datetime, date)


def _check(kind: Any, where: str) -> None:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType, typing.Annotated, list, tuple, dict, frozenset, set):
        inner = typing.get_args(kind)[:1] if origin is typing.Annotated else typing.get_args(kind)
        for one in inner:
            if one is not Ellipsis:
                _check(one, where)
    elif origin is typing.Literal:
        assert all(isinstance(one, PLAIN) for one in typing.get_args(kind)), where
    elif isinstance(kind, type) and issubclass(kind, Enum):
        assert all(isinstance(one.value, PLAIN) for one in kind), where
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        assert not issubclass(kind, Change)
        for field in msgspec.structs.fields(kind):
            _check(field.type, f"{where}.{field.name}")
    else:
        assert kind in PLAIN or getattr(kind, "__supertype__", None) in PLAIN, f"{where}: {kind}"
