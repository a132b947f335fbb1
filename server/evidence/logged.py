"""What the audit of the log asks of evidence: the leaves of all statements, and whether rows still say what was signed.

Lists and pages show what was read from a statement when it came. Whoever changes that and not the statement changes
no leaf; so it is read again here and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from server.evidence.signatures import envelope_sha256
from server.journal.leaves import b64u, statement_leaf
from server.kit import clock, db
from server.kit.b64u import decode as b64u_decode

_AT_A_TIME: Final = 2000
_KEPT: Final = (("session/1", "capture_sessions"), ("statement", "statements"))


async def statement_leaves(conn: db.Connection) -> AsyncIterator[Sequence[tuple[str, bytes]]]:
    """Names and leaves of all statements in batches, made from the exact bytes and not from the stored digests."""
    for name, table in _KEPT:
        last = UUID(int=0)
        while rows := await conn.fetch(
            f"SELECT id, statement, signature, received_at FROM {table} WHERE id > $1 ORDER BY id LIMIT $2",
            last,
            _AT_A_TIME,
        ):
            yield [(f"{name} {row['id']}", leaf_of(row)) for row in rows]
            last = rows[-1]["id"]


async def altered_readings(conn: db.Connection) -> AsyncIterator[Sequence[tuple[str, bytes]]]:
    """What was read from statements and no longer says the same: named, with bytes that are no leaf of any log."""
    last = UUID(int=0)
    while rows := await conn.fetch(_READ, last, _AT_A_TIME):
        yield [(f"{row['kind']} {row['id']}", b"altered") for row in rows if not _says_the_same(row)]
        last = rows[-1]["id"]


_READ: Final = (
    "SELECT s.id, s.kind, s.session_id AS session, s.seq AS place, s.statement, s.private, s.statement_sha256 AS stmt,"
    " s.env_sha256 AS env, s.received_at AS came, c.*,"
    " ARRAY(SELECT o.sha256 FROM originals o WHERE o.capture_id = s.id ORDER BY o.position) AS media,"
    " to_jsonb(d) AS discard, to_jsonb(n) AS noted, to_jsonb(k) AS cosigned"
    " FROM (SELECT * FROM statements WHERE id > $1 ORDER BY id LIMIT $2) s"
    " LEFT JOIN (SELECT id AS capture, session_id, seq, visit_id, item_id, site_id, statement_sha256, env_sha256,"
    "  captured_at, received_at, wall_ms, mono_ms, lat_e7, lon_e7, acc_cm, fix_ms, note, facts FROM captures) c"
    " ON c.capture = s.id LEFT JOIN discards d ON d.id = s.id LEFT JOIN field_notes n ON n.id = s.id"
    " LEFT JOIN cosignatures k ON k.id = s.id ORDER BY s.id"
)


def _says_the_same(row: Any) -> bool:
    try:
        told = msgspec.json.decode(bytes(row["statement"]))
        private = None if row["private"] is None else msgspec.json.decode(bytes(row["private"]))
    except msgspec.DecodeError:
        return False
    if private is not None and b64u(hashlib.sha256(bytes(row["private"])).digest()) != told.get("priv_h"):
        return False
    beside = _BESIDE.get(row["kind"])
    if beside is not None:
        return beside(_json(row), told, private or {})
    if row["kind"] != "capture/1":
        return True
    gps, at = (private or {}).get("gps") or {}, told["clock"]
    place = (row["session_id"], row["seq"], row["statement_sha256"], row["env_sha256"], row["received_at"])
    return (
        place == (row["session"], row["place"], row["stmt"], row["env"], row["came"])
        and (str(row["session_id"]), row["seq"], row["wall_ms"], row["mono_ms"])
        == (told["ses"], told["seq"], at["wall_ms"], at["mono_ms"])
        and row["captured_at"] == clock.from_ms(at["wall_ms"])
        and [str(row[one]) if row[one] else None for one in ("visit_id", "item_id", "site_id")]
        == [told["visit"], told["item"], told["site"]]
        and [row["lat_e7"], row["lon_e7"], row["acc_cm"], row["fix_ms"]]
        == [gps.get(one) for one in ("lat_e7", "lon_e7", "acc_cm", "ts_ms")]
        and _facts(row["facts"], told, private)
        and row["note"] == ((private or {}).get("note") or "").replace("\0", "")
        and [b64u(bytes(one)) for one in row["media"]] == [one["sha256"] for one in told["media"]]
    )


def _facts(kept: str, told: Any, private: Any) -> bool:
    """What the statement itself says of the column ``facts``; the rest was reckoned from other rows."""
    known, gps = msgspec.json.decode(kept), (private or {}).get("gps") or {}
    return (
        (known["tz_min"], known["net"], known.get("anchor"), known.get("gps_error"))
        == (told["clock"]["tz_min"], told["net"], told["anchor"], (private or {}).get("gps_error"))
        and all(known.get(one) == gps.get(one) for one in ("alt_cm", "spd_cms", "hdg_cdeg"))
        and known["source"] in {one["src"] for one in told["media"]}
    )


def _json(row: Any) -> Any:
    column = row["discard"] or row["noted"] or row["cosigned"]
    return None if column is None else msgspec.json.decode(column)


def _discard(row: Any, told: Any, _: Any) -> bool:
    return row is not None and (row["session_id"], row["capture_id"], row["reason"], row["wall_ms"]) == (
        told["ses"],
        told["capture"],
        told["reason"].replace("\0", ""),
        told["clock"]["wall_ms"],
    )


def _note(row: Any, told: Any, private: Any) -> bool:
    text = private.get("text")
    return row is not None and (row["session_id"], row["capture_id"], row["text"], row["wall_ms"]) == (
        told["ses"],
        told["about"],
        None if text is None else text.replace("\0", ""),
        told["clock"]["wall_ms"],
    )


def _cosignature(row: Any, told: Any, private: Any) -> bool:
    return row is not None and (
        row["session_id"],
        row["seal_sha256"].removeprefix("\\x"),
        row["party"],
        row["outcome"],
        row["wall_ms"],
        *(row[one] for one in ("name", "post", "reason", "cosigner_id")),
    ) == (
        told["ses"],
        b64u_decode(told["seal"]).hex(),
        told["party"].upper(),
        told["outcome"].upper(),
        told["clock"]["wall_ms"],
        *(private.get(one) for one in ("name", "post", "reason", "person")),
    )


_BESIDE: Final = {"discard/1": _discard, "note/1": _note, "cosign/1": _cosignature}


def leaf_of(row: db.Record) -> bytes:
    """The leaf of a statement, of its row with the exact bytes, the signature and the time it came."""
    statement, signature = bytes(row["statement"]), bytes(row["signature"])
    env = envelope_sha256(statement, signature)
    return statement_leaf(env, hashlib.sha256(statement).digest(), clock.to_ms(row["received_at"]))
