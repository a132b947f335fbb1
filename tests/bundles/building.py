"""Makes of a story the bundle that an honest exporter would make; see ``tests.bundles.synthetic``."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bundles.synthetic import (
    NOON,
    ORIGIN,
    RP_ID,
    SITE,
    TOOLS,
    Bundle,
    NoteKey,
    Renewing,
    Session,
    Statement,
    Story,
    key_leaf,
    sign,
    spki,
)
from tests.bundles.trees import b64u, growth_of, jcs, leaf_hash, ms, path_of, root_of, sha256


class Builder:
    """Puts the files of a bundle together."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.files: dict[str, bytes] = {}
        self.where = {
            id(one): (session, f"data/sessions/{session.id}/{place:04d}")
            for session in story.sessions
            for place, one in enumerate(session.statements)
        }

    def bundle(self) -> Bundle:
        """Every file."""
        story = self.story
        for session in story.sessions:
            for one in session.statements:
                self._signed(session, one)
        keys = [one for one in story.log if isinstance(one, dict) and one["kind"].startswith(("device.", "passkey."))]
        custody = [one for one in story.log if isinstance(one, dict) and one not in keys]
        table = self._table(custody, keys)
        self.files["data/bundle.json"] = table
        export = story.act(
            "bundle.exported",
            story.id,
            story.maker,
            scope=story.scope,
            subject_id=story.subject,
            bundle_sha256=sha256(table).hex(),
        )
        leaves, checkpoints = self.leaves(export)
        self.tree = [leaf_hash(leaf) for leaf in leaves]
        self._log(leaves, checkpoints)
        self._rotation(leaves)
        self.files["data/custody.jsonl"] = self._entries([*custody, export], leaves)
        self.files["data/keys/enrolments.jsonl"] = self._entries(keys, leaves)
        self.files["data/tools/verify.py"] = (TOOLS / "verify.py").read_bytes()
        self.files["data/README.txt"] = b"see docs/evidence.md\n"
        return Bundle(self.files, story.policy, story).remanifest()

    def _signed(self, session: Session, one: Statement) -> None:
        folder = self.where[id(one)][1]
        self.files[f"{folder}/statement.json"] = one.bytes
        one_signature = one.signature if one.signature is not None else sign(session.key, one.bytes)
        one.signature = one_signature
        self.files[f"{folder}/statement.sig"] = one_signature
        if one.passkey:
            self.files[f"{folder}/passkey.json"] = self._assertion(one)
        for number, data in enumerate(one.media, 1):
            if f"original-{number}" not in one.withheld:
                self.files[f"{folder}/original-{number}.jpg"] = data
        if one.private is not None and "private" not in one.withheld:
            self.files[f"{folder}/private.json"] = one.private
        for kind, data in one.copies.items():
            self.files[f"{folder}/derived/{kind}.jpg"] = data

    def _assertion(self, one: Statement) -> bytes:
        story, changed = self.story, self.story.assertion
        client = {"type": "webauthn.get", "challenge": one.digest, "origin": SITE, **changed.get("client", {})}
        client_data = json.dumps(client).encode()
        told = sha256(changed.get("rp_id", RP_ID).encode()) + bytes([changed.get("flags", 5)]) + bytes(4)
        key = changed.get("key", story.passkey)
        return jcs(
            {
                "credential_id": b64u(sha256(spki(story.passkey))),
                "authenticator_data": b64u(told),
                "client_data_json": b64u(client_data),
                "signature": b64u(key.sign(told + sha256(client_data), ec.ECDSA(hashes.SHA256()))),
            }
        )

    def _table(self, custody: list[dict[str, Any]], keys: list[dict[str, Any]]) -> bytes:
        story = self.story
        statements = [(session, one) for session in story.sessions for one in session.statements]
        withheld = [
            {"stmt": one.digest, "what": what, "sha256": digest, "why": one.withheld[name]}
            for _, one in statements
            for what, name, digest in _pieces(one)
            if name in one.withheld
        ]
        copies = [
            {"stmt": one.digest, "kind": kind, "sha256": b64u(sha256(data)), "from": one.body["media"][0]["sha256"]}
            for _, one in statements
            for kind, data in one.copies.items()
        ]
        self.files["data/report/report.html"] = b"<!doctype html><title>report</title>"
        if story.citations is not None:
            case = {"t": "case/1", "id": story.case_id or story.subject, "number": None, "citations": story.citations}
            self.files["data/case.json"] = jcs(case)
        return jcs(
            {
                "t": "bundle/1",
                "id": story.id,
                "scope": story.scope,
                "subject": story.subject,
                "made_ms": ms(NOON + timedelta(days=1)),
                "made_by": story.maker,
                "purpose": "庭审 for the court",
                "origin": ORIGIN,
                "sessions": sorted(
                    (
                        {"id": one.id, "count": len(one.statements) - 1, "last": one.statements[-1].digest}
                        for one in story.sessions
                    ),
                    key=lambda one: str(one["id"]),
                ),
                "copies": copies,
                "withheld": withheld + story.extra_withheld,
                "custody": _digest(custody),
                "keys": _digest(keys),
                "case": b64u(sha256(self.files["data/case.json"])) if story.citations is not None else None,
                "report": b64u(sha256(self.files["data/report/report.html"])),
                **story.table,
            }
        )

    def leaves(self, export: dict[str, Any]) -> tuple[list[bytes], dict[str, int]]:
        """The leaves of the log, and the sizes of the checkpoints that have names."""
        leaves: list[bytes] = []
        checkpoints: dict[str, int] = {}
        for one in self.story.log:
            if one == "export":
                leaves.append(_entry_leaf(export))
            elif isinstance(one, str):
                checkpoints[one] = len(leaves)
            elif isinstance(one, dict):
                leaves.append(_entry_leaf(one))
            elif isinstance(one, Statement):
                assert one.signature is not None
                leaf = {
                    "t": "leaf/1",
                    "k": "statement",
                    "env": b64u(sha256(one.bytes + one.signature)),
                    "stmt": one.digest,
                    "recv_ms": ms(one.received),
                    **one.leaf,
                }
                leaves.append(jcs(leaf))
            else:
                leaves.append(one)
        return leaves, checkpoints

    def checkpoint(self, size: int) -> bytes:
        """The signed note of the log at a size."""
        root = base64.b64encode(root_of(self.tree[:size])).decode()
        body = f"{ORIGIN}\n{size}\n{root}\n".encode()
        signers = self.story.signers or [*self._keys(size), *self.story.witnesses[:2]]
        return body + b"\n" + b"".join(one.line(body) for one in signers)

    def _keys(self, size: int) -> list[NoteKey]:
        """Who signs for the log at a size: the old key until the new one is in the log, there both."""
        story = self.story
        if story.next_key is None:
            return [story.log_key]
        changed = self._turn(self.story.next_key)
        keys = [story.log_key] if size <= changed else []
        return keys + ([story.next_key] if size >= changed else [])

    def _turn(self, key: NoteKey) -> int:
        leaf = key_leaf(key)
        return [one for one in self.story.log if not isinstance(one, str) or one == "export"].index(leaf) + 1

    def _rotation(self, leaves: list[bytes]) -> None:
        key = self.story.next_key
        if key is None:
            return
        size = self._turn(key)
        old_body = self.checkpoint(size)
        told = {
            "leaf": json.loads(key_leaf(key)),
            "checkpoint": old_body.decode(),
            "index": size - 1,
            "hashes": [b64u(one) for one in path_of(size - 1, self.tree[:size])],
            **self.story.rotation,
        }
        self.files["data/log/rotations.jsonl"] = jcs(told) + b"\n"

    def _log(self, leaves: list[bytes], checkpoints: dict[str, int]) -> None:
        size = len(leaves)
        note = self.checkpoint(size)
        self.files["data/log/checkpoint"] = note
        for one_id, (_, folder) in self.where.items():
            one = next(each for each in self.story.log if id(each) == one_id)
            assert isinstance(one, Statement)
            at = [each for each in self.story.log if not isinstance(each, str) or each == "export"]
            index = next(place for place, each in enumerate(at) if each is one)
            hashed = b"".join(base64.b64encode(each) + b"\n" for each in path_of(index, self.tree))
            proof = b"c2sp.org/tlog-proof@v1\nindex %d\n" % index + hashed + b"\n" + note
            self.files[f"{folder}/leaf.json"] = leaves[index]
            self.files[f"{folder}/log.tlog-proof"] = proof
        for name, old in checkpoints.items():
            folder = f"data/anchors/{old}"
            data = self.checkpoint(old)
            if name in self.story.cosigned_apart:
                self.files[f"{folder}/cosigned"] = data
                body = data.rpartition(b"\n\n")[0] + b"\n"
                data = body + b"\n" + b"".join(one.line(body) for one in self._keys(old))
            self.files[f"{folder}/checkpoint"] = data
            proof_hashes = [b64u(one) for one in growth_of(old, self.tree)]
            self.files[f"{folder}/consistency.json"] = jcs({"old": old, "new": size, "hashes": proof_hashes})
            if name in self.story.stamped:
                token = self.story.authority.stamp(data, self.story.stamped[name], **self.story.stamp_faults)
                self.files[f"{folder}/token.tsr"] = token
                if name in self.story.renewed:
                    self.files[f"{folder}/renewals.jsonl"] = self._renewals(self.story.renewed[name], token, data)

    def _renewals(self, renewing: list[Renewing], token: bytes, message: bytes) -> bytes:
        """Each stamps the root of three leaves, of which that of the stamp before it is the second."""
        lines = []
        for one in renewing:
            leaves = [secrets.token_bytes(32), one.leaf or leaf_hash(token + message), secrets.token_bytes(32)]
            message = root_of(leaves)
            token = (one.authority or self.story.authority).stamp(message, one.at)
            hashed = [b64u(each) for each in path_of(1, leaves)]
            told = {"t": "renewal/1", "token": b64u(token), "index": 1, "count": 3, "hashes": hashed, **one.told}
            lines.append(jcs(told) + b"\n")
        return b"".join(lines)

    def _entries(self, entries: list[dict[str, Any]], leaves: list[bytes]) -> bytes:
        lines = []
        for entry in entries:
            index = leaves.index(_entry_leaf(entry))
            hashed = [b64u(one) for one in path_of(index, self.tree)]
            lines.append(jcs({"entry": entry, "index": index, "hashes": hashed}) + b"\n")
        return b"".join(lines)


def _pieces(one: Statement) -> list[tuple[str, str, str]]:
    media = [("original", f"original-{n}", each["sha256"]) for n, each in enumerate(one.body.get("media", ()), 1)]
    return [*media, *([("private", "private", one.body["priv_h"])] if "priv_h" in one.body else [])]


def _entry_leaf(entry: dict[str, Any]) -> bytes:
    return jcs({"t": "leaf/1", "k": "entry", "sha256": b64u(sha256(jcs(entry)))})


def _digest(entries: list[dict[str, Any]]) -> str:
    return b64u(sha256(b"".join(sha256(jcs(entry)) for entry in entries)))
