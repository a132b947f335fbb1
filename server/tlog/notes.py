"""C2SP signed notes and checkpoints: verifier keys, signature lines, what is sent to witnesses. Pure, no I/O."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04


class BadNote(ValueError):
    """The text is no signed note, no checkpoint or no verifier key; the message says why."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key by name, as a trust policy lists it (``vkey``)."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, tell which key made a signature."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The C2SP text of the key."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.public)}"

    def holds(self, body: str, signature: bytes) -> bool:
        """Whether the plain Ed25519 signature is this key's over the body."""
        return self.kind == ED25519 and verifies(self.public, signature, body.encode())


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line below a note: who signed, by which key, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def read_vkey(text: str, kind: int | None = None) -> Verifier:
    """The key that a ``vkey`` spells, of this kind if one is named.

    Raises:
        BadNote: it is no Ed25519 key, not of the kind, or the id is not that of name and key.
    """
    name, _, rest = text.partition("+")
    told, _, material = rest.partition("+")
    data = _from_b64(material)
    if not name or any(one.isspace() for one in name) or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise BadNote("not the verifier key of an Ed25519 key")
    verifier = Verifier(name, data[0], data[1:])
    if verifier.key_id.hex() != told:
        raise BadNote("the id is not that of this name and key")
    if kind not in (None, verifier.kind):
        raise BadNote("a log's key is asked for" if kind == ED25519 else "this key signs logs, not what witnesses see")
    return verifier


def signature_line(name: str, key: bytes, signature: bytes) -> str:
    """A signature as the line below a note, with its newline."""
    return f"— {name} {_b64(key + signature)}\n"


def sign(name: str, key: Ed25519PrivateKey, body: str) -> str:
    """The signature line of a log's key over the body of a note."""
    public = key.public_key().public_bytes_raw()
    return signature_line(name, key_id(name, ED25519, public), key.sign(body.encode()))


def cosign(own: Verifier, key: Ed25519PrivateKey, at: int, body: str) -> str:
    """The signature line of a witness over the body of a checkpoint that it saw ``at`` (seconds since 1970)."""
    return signature_line(own.name, own.key_id, at.to_bytes(8, "big") + key.sign(cosigned(at, body)))


def cosigned(at: int, body: str) -> bytes:
    """What a witness signs (c2sp.org/tlog-cosignature, ``cosignature/v1``)."""
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def signed(body: str, lines: Sequence[SignatureLine], keys: Sequence[Verifier]) -> str:
    """The note as these keys signed it, without the lines of others; nothing if one of theirs is wrong, or none is."""
    known = [(line, key) for line in lines for key in keys if (line.name, line.key_id) == (key.name, key.key_id)]
    if not known or not all(key.holds(body, line.signature) for line, key in known):
        return ""
    return f"{body}\n" + "".join(signature_line(line.name, line.key_id, line.signature) for line, _ in known)


def read_request(request: bytes) -> tuple[int, list[bytes], str]:
    """Old size, proof and note of an ``add-checkpoint`` (c2sp.org/tlog-witness).

    Raises:
        ValueError: it is no such request.
    """
    head, _, note = request.decode().partition("\n\n")
    old, *hashes = head.split("\n")
    proof = [_from_b64(each) for each in hashes]
    if not re.fullmatch(r"old (0|[1-9][0-9]{0,18})", old) or len(proof) > 63 or any(len(each) != 32 for each in proof):
        raise BadNote("no request of a log")
    return int(old[4:]), proof, note


def read_note(note: str) -> tuple[str, list[SignatureLine]]:
    """Body (with its last newline) and signature lines of a note.

    Raises:
        BadNote: it is not of that form.
    """
    body, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n") or any(one < " " and one != "\n" for one in note):
        raise BadNote("no signed note")
    return f"{body}\n", [_signature(line) for line in lines[:-1].split("\n")]


def _signature(line: str) -> SignatureLine:
    dash, _, rest = line.partition(" ")
    name, _, text = rest.partition(" ")
    data = _from_b64(text)
    if dash != "—" or not name or len(data) < 5:
        raise BadNote("no signature line")
    return SignatureLine(name, data[:4], data[4:])


def checkpoint_body(origin: str, size: int, root: bytes) -> str:
    """What a log signs: origin, size and root hash, each on a line."""
    return f"{origin}\n{size}\n{_b64(root)}\n"


def read_checkpoint(body: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint's body; extension lines are allowed and ignored.

    Raises:
        BadNote: it is no checkpoint.
    """
    lines = body.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
        raise BadNote("no checkpoint")
    origin, size, text = lines[:3]
    root = _from_b64(text)
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size or len(root) != 32:
        raise BadNote("no checkpoint")
    return origin, int(size), root


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is that of the key over the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_b64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _b64(data) != text:
        raise BadNote("not base64 in its one spelling")
    return data
