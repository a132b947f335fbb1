"""Bundles made by hand after docs/evidence.md, with every key in reach: the ground of the tamper suite.

A ``Story`` holds what happened; ``build`` makes of it what an honest exporter would, or, once the story was changed,
what a forger with all these keys would: everything hangs together again. Real bundles come from
``tests.factories.bundles``.
"""

from __future__ import annotations

import base64
import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.bundles.stamps import Authority
from tests.bundles.trees import b64u, jcs, ms, new_id, sha256

TOOLS = Path(__file__).parents[2] / "server" / "bundles" / "tools"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ORIGIN = "zhicha.example/log/1"
RP_ID, SITE = "zhicha.example", "https://zhicha.example"
JPEG = b"\xff\xd8\xff\xe0"


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
class Renewing:
    """A time stamp over an older one, as one of three leaves; by the authority of the story, or by another.

    ``leaf`` takes the place of the leaf of the older stamp, ``told`` that of what is written down."""

    at: datetime
    authority: Authority | None = None
    leaf: bytes | None = None
    told: dict[str, Any] = field(default_factory=dict)


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
    renewed: dict[str, list[Renewing]] = field(default_factory=dict)
    cosigned_apart: set[str] = field(default_factory=set)
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
            "tsa": [one.pem for one in self.authorities],
            "rp_id": RP_ID,
            "origins": [SITE],
        }

    @property
    def authorities(self) -> list[Authority]:
        """Whoever stamped or renewed, each once."""
        return list({id(one): one for one in [self.authority, *self._renewing()]}.values())

    def _renewing(self) -> Iterator[Authority]:
        yield from (one.authority for chain in self.renewed.values() for one in chain if one.authority is not None)

    def build(self) -> Bundle:
        """Every file of the bundle, consistent with the story."""
        from tests.bundles.building import Builder  # which knows stories

        return Builder(self).bundle()


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

    def copy(self) -> Bundle:
        """The same files and policy, to be changed without touching these; the story is shared, for reading."""
        return replace(self, files=dict(self.files), policy=dict(self.policy), doubled=list(self.doubled))

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


def photo(size: int = 400) -> bytes:
    """Bytes that pass for a photo."""
    return JPEG + secrets.token_bytes(size - 4)
