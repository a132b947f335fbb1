"""The log's Ed25519 keys: made at the first use, kept with the installation's other secrets, rotated by two people.

The key that signs is the last one whose own leaf is in the log. The checkpoint that first contains the leaf of a new
key is signed by both, so that whoever trusts the old one can follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.journal.leaves import key_leaf, leaf_hash
from server.kit import clock, db
from server.kit.secrets import installation_secret
from server.tlog import notes

_PROMISE: Final = b"zhicha/promise/1\n"
_FRESH_SECONDS: Final = 30  # how long a process signs promises with a key that has been replaced elsewhere

_origin_setting = ""


@dataclass(frozen=True, slots=True)
class LogSigner:
    """One key of the log, able to sign."""

    n: int
    verifier: notes.Verifier
    key: Ed25519PrivateKey

    @property
    def origin(self) -> str:
        """The log's name, the first line of each checkpoint."""
        return self.verifier.name

    @property
    def vkey(self) -> str:
        """The public key as verifiers are given it."""
        return self.verifier.vkey

    def signature_line(self, body: str) -> str:
        """The line that this key adds below a note."""
        return notes.sign(self.origin, self.key, body)

    def sign_note(self, body: str) -> str:
        """The whole signed note."""
        return f"{body}\n{self.signature_line(body)}"

    def promise(self, leaf: bytes) -> bytes:
        """64 bytes by which the log promises that this leaf will be in it (Ed25519)."""
        return self.key.sign(_PROMISE + leaf)


def promise_holds(vkey: str, leaf: bytes, promise: bytes) -> bool:
    """Whether the promise was made for the leaf with that key of the log."""
    return notes.verifies(notes.read_vkey(vkey).public, promise, _PROMISE + leaf)


_now: Final[db.PerDatabase[None, LogSigner]] = db.PerDatabase(1, _FRESH_SECONDS)


def hold(origin: str) -> None:
    """Set the name that a log gets when it is made (``ZHICHA_LOG_ORIGIN``); an existing log keeps its own."""
    global _origin_setting
    _origin_setting = origin
    _now.clear()


async def log_signer() -> LogSigner:
    """The key that signs now; the first one is made when there is none."""
    if (signer := _now.get(None)) is None:
        async with db.connection() as conn:
            signer = (await signers(conn, None))[-1]
        _now.put(None, signer)
    return signer


async def signers(conn: db.Connection, signed: int | None) -> list[LogSigner]:
    """Who signs the next checkpoint: the key in force at size ``signed``, and each that came into the log since.

    Args:
        conn: inside the sequencer's transaction, where the leaves below the next size are in.
        signed: the size of the last checkpoint; ``None`` asks only for the key in force now.
    """
    rows = await _rows(conn)
    if not rows:
        await _make_first()
        rows = await _rows(conn)
    hashes = [leaf_hash(key_leaf(row["vkey"])) for row in rows[1:]]
    places = {
        bytes(row["leaf_hash"]): row["idx"]
        for row in await conn.fetch("SELECT leaf_hash, idx FROM log_leaves WHERE leaf_hash = ANY($1::bytea[])", hashes)
    }
    # The first key needs no leaf; a later one counts from where its leaf lies.
    since = [-1, *(places.get(one) for one in hashes)]
    in_log = [row for row, place in zip(rows, since, strict=True) if place is not None]
    if signed is None:
        return [await _signer(in_log[-1])]
    known = [row for row, place in zip(rows, since, strict=True) if place is not None and place < signed]
    chosen = in_log[max(0, len(known) - 1) :]
    return [await _signer(row) for row in chosen]


async def vkeys(conn: db.Connection) -> list[str]:
    """Every key that the log ever had, oldest first."""
    return [row["vkey"] for row in await _rows(conn)]


def secret_name(n: int) -> str:
    """Under which name the secret half of the n-th key lies."""
    return f"log-key-{n}"


def make_secret() -> bytes:
    """A new Ed25519 key: its 32 secret bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


async def _rows(conn: db.Connection) -> list[db.Record]:
    return list(await conn.fetch("SELECT n, origin, vkey FROM log_keys ORDER BY n"))


async def _make_first() -> None:
    """Of several nodes that start at the same moment, all find the same secret, so all write the same row."""
    key = Ed25519PrivateKey.from_private_bytes(await installation_secret(secret_name(1), make_secret))
    public = key.public_key().public_bytes_raw()
    origin = _origin_setting or f"zhicha.local/log/{public.hex()[:8]}"
    await db.execute(
        "INSERT INTO log_keys (n, origin, vkey, made_at) VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING",
        origin,
        notes.Verifier(origin, notes.ED25519, public).vkey,
        clock.now(),
    )


async def _signer(row: db.Record) -> LogSigner:
    secret = await installation_secret(secret_name(row["n"]), _missing)
    verifier = notes.read_vkey(row["vkey"])
    key = Ed25519PrivateKey.from_private_bytes(secret)
    if key.public_key().public_bytes_raw() != verifier.public:
        raise RuntimeError(f"the secret of the log's key {row['n']} is not that of its public half")
    return LogSigner(row["n"], verifier, key)


def _missing() -> bytes:
    raise RuntimeError("the secret half of the log's key is gone")
