"""The tree made anew from the leaves, and compared with what is kept and with what was signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from server.journal.leaves import key_leaf, leaf_hash
from server.kit import db
from server.tlog import notes
from server.tlog.audit.findings import Report
from server.tlog.tree import Frontier

_AT_A_TIME: Final = 5000


@dataclass(slots=True)
class Rebuilt:
    """The tree as it must be, growing while leaves are read."""

    report: Report
    frontier: Frontier = field(default_factory=lambda: Frontier(0, {}))
    nodes: int = 0


async def check_tree(conn: db.Connection, report: Report) -> int:
    """Hash every leaf, rebuild every node, compare every checkpoint; returns the number of leaves."""
    signed = await conn.fetch("SELECT size, root FROM log_checkpoints ORDER BY size")
    tree = Rebuilt(report)
    size = 0
    while rows := await conn.fetch(
        "SELECT idx, leaf_hash, leaf FROM log_leaves WHERE idx >= $1 ORDER BY idx LIMIT $2", size, _AT_A_TIME
    ):
        due = [row for row in signed if size < row["size"] <= size + len(rows)]
        for n, row in enumerate(rows):
            if row["idx"] != size + n:
                report.say(
                    "leaf_missing",
                    f"日志第 {size + n} 条缺失，其后的内容无法核对。",
                    f"Leaf {size + n} is missing; nothing after it can be checked.",
                )
                return size + n
            if leaf_hash(row["leaf"]) != row["leaf_hash"]:
                report.say(
                    "leaf_altered",
                    f"日志第 {row['idx']} 条的内容与其哈希不符。",
                    f"Leaf {row['idx']} is not what its hash says.",
                )
        # From the bytes, not from the kept hash: what was signed is what the leaves say.
        await _grow(conn, tree, [leaf_hash(row["leaf"]) for row in rows], due)
        size += len(rows)
    for row in signed:
        if row["size"] > size:
            report.say(
                "leaves_cut_off",
                f"检查点签署了 {row['size']} 条，日志现在只有 {size} 条。",
                f"A checkpoint signed {row['size']} leaves; the log has {size}.",
            )
    kept = await conn.fetchval("SELECT count(*) FROM log_nodes")
    if kept > tree.nodes:
        report.say(
            "node_surplus",
            f"树中多出 {kept - tree.nodes} 个节点。",
            f"The tree has {kept - tree.nodes} nodes too many.",
        )
    report.leaves, report.checkpoints = size, len(signed)
    return size


async def _grow(conn: db.Connection, tree: Rebuilt, hashes: list[bytes], due: list[db.Record]) -> None:
    at, complete = 0, []
    for row in due:
        until = row["size"] - tree.frontier.size + at
        complete += tree.frontier.append(hashes[at:until])
        at = until
        if tree.frontier.root() != row["root"]:
            tree.report.say(
                "checkpoint_root",
                f"规模 {row['size']} 的检查点的根与日志内容不符。",
                f"The root of the checkpoint of size {row['size']} is not that of the leaves.",
            )
    complete += tree.frontier.append(hashes[at:])
    tree.nodes += len(complete)
    rows = await conn.fetch(
        "SELECT t.level, t.idx, n.hash FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS t (level, idx, hash)"
        " LEFT JOIN log_nodes n ON n.level = t.level AND n.idx = t.idx WHERE n.hash IS DISTINCT FROM t.hash",
        [level for level, _, _ in complete],
        [place for _, place, _ in complete],
        [one for _, _, one in complete],
    )
    for row in rows:
        where = f"{row['level']}/{row['idx']}"
        if row["hash"] is None:
            tree.report.say("node_missing", f"树节点 {where} 缺失。", f"Node {where} of the tree is missing.")
        else:
            tree.report.say("node_altered", f"树节点 {where} 被改动。", f"Node {where} of the tree was altered.")


async def check_signatures(conn: db.Connection, report: Report) -> set[bytes]:
    """Every checkpoint is signed by the key of its time, and by both where the key changed.

    Returns the hashes of the leaves by which the later keys were introduced.
    """
    rows = await conn.fetch("SELECT n, vkey FROM log_keys ORDER BY n")
    try:
        keys = [notes.read_vkey(row["vkey"]) for row in rows]
    except notes.BadNote:
        report.say("key_altered", "日志公钥记录被改动。", "A public key of the log was altered.")
        return set()
    leaves = [leaf_hash(key_leaf(row["vkey"])) for row in rows[1:]]
    places = {
        row["leaf_hash"]: row["idx"]
        for row in await conn.fetch("SELECT leaf_hash, idx FROM log_leaves WHERE leaf_hash = ANY($1::bytea[])", leaves)
    }
    since = [-1, *(places.get(leaf) for leaf in leaves)]
    last = 0
    for row in await conn.fetch("SELECT size, body, signatures FROM log_checkpoints ORDER BY size"):
        size = row["size"]
        due = [key for key, place in zip(keys, since, strict=False) if place is not None and place < size]
        before = [place for place in since if place is not None and place < last]
        due = due[max(0, len(before) - 1) :]
        last = size
        lines = _lines(row["body"], row["signatures"])
        if not due or not all(
            any(
                (line.name, line.key_id) == (key.name, key.key_id) and key.holds(row["body"], line.signature)
                for line in lines
            )
            for key in due
        ):
            report.say(
                "checkpoint_signature",
                f"规模 {size} 的检查点没有日志密钥的有效签名。",
                f"The checkpoint of size {size} lacks a valid signature of the log's key.",
            )
    return set(leaves)


def _lines(body: str, signatures: str) -> list[notes.SignatureLine]:
    try:
        return notes.read_note(f"{body}\n{signatures}")[1]
    except notes.BadNote:
        return []
