"""``zhicha witness``: cosigns checkpoints of a log that only ever grew. To be run, and read, by another body.

Protocol: c2sp.org/tlog-witness; signature: c2sp.org/tlog-cosignature, ``cosignature/v1``. What it promises: it never
signs two checkpoints of one log of which the larger does not contain the smaller. What it saw last is on disk before
it signs, in one file with its key: whoever loses the memory has lost the key. SQLite keeps that file, syncs each write
and lets no second process open it. Two files, both pure, are shared with the product: ``notes.py`` (how keys, notes
and requests are spelled) and ``proofs.py`` (whether a proof holds). The three run alone in one folder.
"""

import argparse
import hashlib
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

try:
    from server.tlog import notes, proofs
except ImportError:  # alone in a folder
    import notes  # type: ignore[import-not-found, no-redef]
    import proofs  # type: ignore[import-not-found, no-redef]

LARGEST = 64 * 1024
_OPEN = """
PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA; BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS own (name TEXT NOT NULL, seed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seen (log TEXT PRIMARY KEY, size INTEGER, root BLOB, at INTEGER, note TEXT);
"""
_LAST = "SELECT size, root, at, note FROM seen WHERE log = ?"


class Refused(ValueError):
    """A request that is not granted: its HTTP status and text."""


class Witness:
    """Its key, the logs it knows, and what it saw of each last (by the SHA-256 of the log's origin, in hex)."""

    def __init__(self, state: Path, logs: list[str], name: str) -> None:
        self._logs, self._lock = [notes.read_vkey(log, notes.ED25519) for log in logs], threading.Lock()
        state.touch(mode=0o600)
        self._db = sqlite3.connect(state, timeout=0, isolation_level=None, check_same_thread=False)
        self._db.executescript(_OPEN)
        new = (name, Ed25519PrivateKey.generate().private_bytes_raw())
        self._db.execute("INSERT INTO own SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM own)", new)
        name, seed = self._db.execute("SELECT name, seed FROM own").fetchone()
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.own = notes.Verifier(name, notes.COSIGNATURE, self._key.public_key().public_bytes_raw())
        notes.read_vkey(self.own.vkey)  # a name that cannot be read back is not kept
        self._db.execute("COMMIT")

    def add_checkpoint(self, request: bytes) -> str:
        """The cosignature for a submitted checkpoint; otherwise Refused, or ValueError (400), as the protocol says."""
        old, proof, note = notes.read_request(request)
        body, signatures = notes.read_note(note)
        origin, size, root = notes.read_checkpoint(body)
        if not old <= size < 2**63:
            raise ValueError("no checkpoint of that size or later")
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            raise Refused(404, "this log is not known here\n")
        if not (note := notes.signed(body, signatures, keys)):  # what strangers wrote below is not kept
            raise Refused(403, "no key that is trusted here signed this\n")
        log = hashlib.sha256(origin.encode()).hexdigest()
        with self._lock:  # compare, remember and sign as one: two requests at once must not roll each other back
            seen, seen_root, seen_at, _ = self._db.execute(_LAST, (log,)).fetchone() or (0, b"", 0, "")
            if old != seen:
                raise Refused(409, f"{seen}\n")
            if not proofs.grew(seen, size, seen_root, root, proof):
                sys.stderr.write(f"!! {origin}: {seen} -> {size} is another log; kept as proof:\n{note}\n")
                raise Refused(409 if size == seen > 0 else 422, "it does not continue the log that was seen here\n")
            at = max(int(time.time()), seen_at)
            self._db.execute("REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", (log, size, root, at, note))  # synced here
            return notes.cosign(self.own, self._key, at, body)

    def checkpoint(self, log: str) -> str:
        """For monitors: the last checkpoint signed for a log. It is signed anew, which Ed25519 does alike each time."""
        with self._lock:
            *_, at, note = self._db.execute(_LAST, (log,)).fetchone() or (0, "")
        if not note:
            raise Refused(404, "not known here\n")
        return f"{note}{notes.cosign(self.own, self._key, at, notes.read_note(note)[0])}"


class _Handler(BaseHTTPRequestHandler):
    """The HTTP face; HTTPS is a reverse proxy's."""

    witness: Witness
    protocol_version, sys_version, timeout = "HTTP/1.1", "", 20

    def do_GET(self) -> None:
        try:
            act, length = self.path.split("/")[-2:], int(self.headers.get("Content-Length", "0"))
            if not 0 <= length <= LARGEST:
                raise Refused(413, "the request is too large\n")
            if self.command == "GET" and act[1:] == ["checkpoint"]:
                status, text = 200, self.witness.checkpoint(act[0])
            elif self.command == "POST" and act[-1] == "add-checkpoint":
                status, text = 200, self.witness.add_checkpoint(self.rfile.read(length))
            else:
                raise Refused(404, "not answered here\n")
        except ValueError as error:
            status, text = error.args if isinstance(error, Refused) else (400, "this request cannot be read\n")
        self.send_response(status)
        self.send_header("Content-Type", "text/x.tlog.size" if text[:-1].isdigit() else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("Connection", "close")  # what was not read must not be taken for the next request
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET  # noqa: N815


PARSER = argparse.ArgumentParser(description=__doc__, add_help=__name__ == "__main__")
PARSER.add_argument("--listen", default="127.0.0.1:8700", metavar="HOST:PORT", help="监听地址 · address to listen on")
PARSER.add_argument("--state", type=Path, required=True, help="密钥与所见，首次运行时生成 · its key and its memory")
PARSER.add_argument("--log", action="append", required=True, metavar="VKEY", help="日志公钥 · the log's verifier key")
PARSER.add_argument("--name", default="witness.local/w1", help="新密钥的名称 · name of a new key (a URL, no https://)")


def run(given: argparse.Namespace) -> None:
    """Serve until interrupted; the verifier key is the first line of the output."""
    host, _, port = given.listen.rpartition(":")
    try:
        if not host:
            raise ValueError("--listen HOST:PORT")
        _Handler.witness = Witness(given.state, given.log, given.name)
        serving = ThreadingHTTPServer((host, int(port)), _Handler)
    except (ValueError, OverflowError, OSError, sqlite3.Error) as error:
        raise SystemExit(
            f"另一个见证进程正在使用状态文件，或参数、文件无法使用：{error}"
            f" / Another witness uses the state file, or it or an argument cannot be used: {error}"
        ) from None
    serving.socket.listen(64)  # many at once wait instead of being turned away
    print(_Handler.witness.own.vkey, f"http://{host}:{serving.server_port}/", sep="\n", flush=True)
    serving.serve_forever()


if __name__ == "__main__":
    run(PARSER.parse_args())
