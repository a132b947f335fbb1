"""Bundles made by hand after docs/evidence.md, with every key in reach: the ground of the tamper suite.

A ``Story`` holds what happened; ``build`` makes of it what an honest exporter would, or, once the story was changed,
what a forger with all these keys would: everything hangs together again. Real bundles come from
``tests.factories.bundles``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.kit import canonical
from tests.bundles.stamps import Authority

TOOLS = Path(__file__).parents[2] / "server" / "bundles" / "tools"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ORIGIN = "zhicha.example/log/1"
RP_ID, SITE = "zhicha.example", "https://zhicha.example"
JPEG = b"\xff\xd8\xff\xe0"


def jcs(value: Any) -> bytes:
    """Canonical bytes."""
    return canonical.encode(value)


def sha256(data: bytes) -> bytes:
    """Thirty-two bytes."""
    return hashlib.sha256(data).digest()


def b64u(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_id() -> str:
    """Any UUID."""
    return str(uuid4())


def ms(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(at.timestamp() * 1000)


# The tree, in its plainest form (RFC 6962, 2.1): small and slow.


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + leaf)


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def root_of(tree: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    if len(tree) < 2:
        return tree[0] if tree else sha256(b"")
    left = _split(len(tree))
    return sha256(b"\1" + root_of(tree[:left]) + root_of(tree[left:]))


def path_of(index: int, tree: list[bytes]) -> list[bytes]:
    """The inclusion path of a leaf, from the leaf up."""
    if len(tree) == 1:
        return []
    left = _split(len(tree))
    if index < left:
        return [*path_of(index, tree[:left]), root_of(tree[left:])]
    return [*path_of(index - left, tree[left:]), root_of(tree[:left])]


def growth_of(old: int, tree: list[bytes], whole: bool = True) -> list[bytes]:
    """The consistency proof from an old size."""
    if old == len(tree):
        return [] if whole else [root_of(tree)]
    left = _split(len(tree))
    if old <= left:
        return [*growth_of(old, tree[:left], whole), root_of(tree[left:])]
    return [*growth_of(old - left, tree[left:], False), root_of(tree[:left])]


@dataclass
class NoteKey:
    """An Ed25519 key of the log (kind 1) or of a witness (kind 4)."""

    name: str
    kind: int = 1
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.key.public_key().public_bytes_raw()

    @property
    def identity(self) -> bytes:
        """The four bytes of the key's id."""
        return sha256(self.name.encode() + b"\n" + self._material)[:4]

    @property
    def vkey(self) -> str:
        """As a trust policy lists it."""
        return f"{self.name}+{self.identity.hex()}+{base64.b64encode(self._material).decode()}"

    def line(self, body: bytes, at: datetime = NOON) -> bytes:
        """The signature line below a note."""
        if self.kind == 4:
            time = int(at.timestamp())
            signed = time.to_bytes(8, "big") + self.key.sign(b"cosignature/v1\ntime %d\n" % time + body)
        else:
            signed = self.key.sign(body)
        return f"— {self.name} {base64.b64encode(self.identity + signed).decode()}\n".encode()


@dataclass
class Statement:
    """A signed statement with what belongs to it. ``raw`` and ``signature`` override what would be made."""

    body: dict[str, Any]
    media: list[bytes] = field(default_factory=list)
    private: bytes | None = None
    copies: dict[str, bytes] = field(default_factory=dict)
    passkey: bool = False
    received: datetime = NOON
    raw: bytes | None = None
    signature: bytes | None = None
    leaf: dict[str, Any] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        """The exact bytes that are signed."""
        return self.raw if self.raw is not None else jcs(self.body)

    @property
    def digest(self) -> str:
        """What the next statement links to."""
        return b64u(sha256(self.bytes))


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """r ‖ s."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half."""
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Session:
    """A chain: its key, its statements, the opening one first."""

    key: ec.EllipticCurvePrivateKey
    statements: list[Statement]

    @property
    def id(self) -> str:
        """The session's id."""
        return str(self.statements[0].body["id"])

    def relink(self) -> None:
        """Number and link anew, as the holder of the key can; the seal counts again."""
        for place, one in enumerate(self.statements[1:], 1):
            one.body["seq"], one.body["prev"] = place, self.statements[place - 1].digest
            if one.body["t"] == "seal/1":
                one.body["count"] = place - 1


@dataclass
class Story:
    """What happened, in the order of the log: ``log`` holds statements, entries (dict), other leaves (bytes),
    and names of checkpoints (str), ``export`` being the place of the export's own entry."""

    scope: str = "visit"
    subject: str = ""
    id: str = field(default_factory=new_id)
    maker: str = field(default_factory=new_id)
    org: str = field(default_factory=new_id)
    sessions: list[Session] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)
    log_key: NoteKey = field(default_factory=lambda: NoteKey(ORIGIN))
    signers: list[NoteKey] = field(default_factory=list)
    witnesses: list[NoteKey] = field(default_factory=lambda: [NoteKey(f"witness.example/{n}", 4) for n in range(3)])
    authority: Authority = field(default_factory=Authority.new)
    passkey: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    citations: list[dict[str, str]] | None = None
    stamped: dict[str, datetime] = field(default_factory=dict)
    stamp_faults: dict[str, Any] = field(default_factory=dict)
    extra_withheld: list[dict[str, str]] = field(default_factory=list)
    assertion: dict[str, Any] = field(default_factory=dict)
    next_key: NoteKey | None = None
    rotation: dict[str, Any] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict)
    case_id: str | None = None

    @contextmanager
    def forging(self, *, relink: bool = True) -> Iterator[None]:
        """Change statements inside; afterwards links, entries and citations follow, and the phone's keys sign anew."""
        before = {id(one): one.digest for session in self.sessions for one in session.statements}
        known = {id(one): one for session in self.sessions for one in session.statements}
        yield
        renamed: dict[str, str] = {}
        for session in self.sessions:
            for place, one in enumerate(session.statements):
                if relink and one.raw is None and place:
                    one.body["seq"], one.body["prev"] = place, session.statements[place - 1].digest
                one.body = _renamed(one.body, renamed)
                if id(one) in before and before[id(one)] != one.digest:
                    one.signature = None
                    renamed[before[id(one)]] = one.digest
                    renamed[_hex(before[id(one)])] = _hex(one.digest)
        there = {id(one) for session in self.sessions for one in session.statements}
        self.log = [
            one if isinstance(one, str | bytes | Statement) else _renamed(one, renamed)
            for one in self.log
            if not (isinstance(one, Statement) and id(one) in known and id(one) not in there)
        ]
        self.citations = _renamed(self.citations, renamed)

    def statement(self, act: str, nth: int = 0) -> Statement:
        """The nth statement of a kind, over all sessions."""
        return [one for session in self.sessions for one in session.statements if one.body["t"] == act][nth]

    def entry(self, kind: str, nth: int = 0) -> dict[str, Any]:
        """The nth journal entry of a kind."""
        found: dict[str, Any] = [one for one in self.log if isinstance(one, dict) and one["kind"] == kind][nth]
        return found

    def act(self, kind: str, subject: str, actor: str | None, at: datetime = NOON, **data: Any) -> dict[str, Any]:
        """A journal entry."""
        return {
            "t": "entry/1",
            "id": new_id(),
            "org": self.org,
            "kind": kind,
            "subject_kind": kind.split(".")[0],
            "subject": subject,
            "actor": actor,
            "command": None,
            "at_us": ms(at) * 1000,
            "data": data,
        }

    @property
    def policy(self) -> dict[str, Any]:
        """The trust policy of a notary."""
        return {
            "t": "trust/1",
            "logs": [self.log_key.vkey],
            "witnesses": [one.vkey for one in self.witnesses],
            "quorum": 2,
            "tsa": [self.authority.pem],
            "rp_id": RP_ID,
            "origins": [SITE],
        }

    def build(self) -> Bundle:
        """Every file of the bundle, consistent with the story."""
        return _Builder(self).bundle()


def _renamed(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, renamed) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, renamed) for each in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _hex(digest: str) -> str:
    return base64.urlsafe_b64decode(digest + "=").hex()


@dataclass
class Bundle:
    """Files by name below the bag, and the trust policy to judge them by."""

    files: dict[str, bytes]
    policy: dict[str, Any]
    story: Story
    slip: str | None = None
    doubled: list[tuple[str, bytes]] = field(default_factory=list)
    as_zip: bool = False

    def find(self, ending: str, nth: int = 0) -> str:
        """The nth file whose name ends so."""
        return sorted(name for name in self.files if name.endswith(ending))[nth]

    def folder(self, one: Statement) -> str:
        """Where a statement lies."""
        for session in self.story.sessions:
            for place, each in enumerate(session.statements):
                if each is one:
                    return f"data/sessions/{session.id}/{place:04d}"
        raise LookupError

    def remanifest(self) -> Bundle:
        """Make the BagIt manifests fit the files again."""
        payload = {name: data for name, data in self.files.items() if name.startswith("data/")}
        self.files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        size = sum(map(len, payload.values()))
        self.files.setdefault("bag-info.txt", f"Payload-Oxum: {size}.{len(payload)}\n".encode())
        self.files["manifest-sha256.txt"] = _lines(payload)
        tags = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
        self.files["tagmanifest-sha256.txt"] = _lines({name: self.files[name] for name in tags})
        return self

    def write(self, place: Path) -> Path:
        """Write it as a folder, or as a zip where two entries of a name are the point; returns what to verify."""
        place.mkdir(parents=True, exist_ok=True)
        (place / "trust.json").write_text(json.dumps(self.policy))
        if self.doubled or self.as_zip:
            (place / "bundle.zip").write_bytes(self.zipped())
            return place / "bundle.zip"
        for name, data in self.files.items():
            path = place / "bundle" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return place / "bundle"

    def zipped(self) -> bytes:
        """The bundle as a zip with one folder and stored entries."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            for name, data in [*self.doubled, *self.files.items()]:
                archive.writestr(f"bundle/{name}", data)
        return made.getvalue()


def key_leaf(key: NoteKey) -> bytes:
    """The leaf that announces a new key of the log."""
    return jcs({"t": "leaf/1", "k": "log-key", "vkey": key.vkey})


def _lines(files: dict[str, bytes]) -> bytes:
    return b"".join(f"{sha256(files[name]).hex()}  {name}\n".encode() for name in sorted(files))


class _Builder:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.files: dict[str, bytes] = {}
        self.where = {
            id(one): (session, f"data/sessions/{session.id}/{place:04d}")
            for session in story.sessions
            for place, one in enumerate(session.statements)
        }

    def bundle(self) -> Bundle:
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
        leaves, checkpoints = self._leaves(export)
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

    def _leaves(self, export: dict[str, Any]) -> tuple[list[bytes], dict[str, int]]:
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
            self.files[f"{folder}/checkpoint"] = data
            proof_hashes = [b64u(one) for one in growth_of(old, self.tree)]
            self.files[f"{folder}/consistency.json"] = jcs({"old": old, "new": size, "hashes": proof_hashes})
            if name in self.story.stamped:
                token = self.story.authority.stamp(data, self.story.stamped[name], **self.story.stamp_faults)
                self.files[f"{folder}/token.tsr"] = token

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


def photo(size: int = 400) -> bytes:
    """Bytes that pass for a photo."""
    return JPEG + secrets.token_bytes(size - 4)
