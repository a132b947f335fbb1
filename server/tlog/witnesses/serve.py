"""``zhicha witness``: cosigns checkpoints of a log that only ever grew. To be run, and read, by another body.

Protocol: c2sp.org/tlog-witness (``add-checkpoint``, and ``GET /<origin hash>/checkpoint`` for monitors); signature:
c2sp.org/tlog-cosignature, ``cosignature/v1``. What it promises: it never signs two checkpoints of one log of which the
larger does not contain the smaller. What it saw last is on disk (fsync) before it signs.

It knows no database and nothing of the office. It shares two files with the product, ``notes.py`` (how keys, notes and
checkpoints are spelled) and ``proofs.py`` (whether a proof holds); both are pure. The three, put into one folder, run
alone with Python and ``cryptography``.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

try:
    from server.tlog import notes, proofs
except ImportError:  # alone in a folder
    import notes  # type: ignore[import-not-found, no-redef]
    import proofs  # type: ignore[import-not-found, no-redef]

LARGEST = 64 * 1024
_TEXT = "text/plain; charset=utf-8"
_NOTHING = {"size": 0, "root": "", "time": 0}


class Refused(Exception):
    """The answer to a request that is not granted: status, text and media type."""

    def __init__(self, status: int, text: str, kind: str = _TEXT) -> None:
        super().__init__(text)
        self.answer = (status, text, kind)


def grew(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of ``new`` leaves begins with the one of ``old``; any tree begins with the empty one."""
    if old == 0:
        return not proof and (new > 0 or new_root == hashlib.sha256().digest())
    try:
        proofs.check_consistency(old, new, old_root, new_root, proof)
    except proofs.ProofFails:
        return False
    return True


class Witness:
    """One witness: its key, the logs it knows, and what it saw of each last. Its two files are made together."""

    def __init__(self, key_file: Path, state_file: Path, logs: Sequence[str], name: str) -> None:
        self._state_file, self._lock = state_file, threading.Lock()
        self._guard = os.open(state_file.with_name(state_file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"另一个见证进程正在使用 {state_file} / Another witness uses {state_file}") from None
        if not key_file.exists():
            if state_file.exists():
                raise SystemExit(f"缺少密钥文件 {key_file}。 / The key file {key_file} is missing.")
            _write(state_file, {})  # first, so that a key never stands without a memory
            seed = Ed25519PrivateKey.generate().private_bytes_raw()
            _write(key_file, {"name": name, "seed": base64.b64encode(seed).decode()})
        if not state_file.exists():
            raise SystemExit(
                f"缺少状态文件 {state_file}：忘记所见的见证人不得再用旧密钥签名，请换新密钥。"
                f" / The state file {state_file} is missing: a witness that forgot must not sign with its old key;"
                " make a new one."
            )
        kept = json.loads(key_file.read_text())
        self._key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["seed"]))
        self.own = notes.Verifier(kept["name"], notes.COSIGNATURE, self._key.public_key().public_bytes_raw())
        self._logs = [notes.read_vkey(text.strip()) for text in logs]
        if any(key.kind != notes.ED25519 for key in self._logs):
            raise ValueError("--log takes the verifier key of a log")
        self._seen: dict[str, dict[str, Any]] = json.loads(state_file.read_text())

    def add_checkpoint(self, request: bytes) -> str:
        """The cosignature line for a submitted checkpoint.

        Raises:
            Refused: 403, 404, 409 or 422, as c2sp.org/tlog-witness says. ValueError: this is no such request (400).
        """
        head, _, note = request.decode().partition("\n\n")
        first, *hashes = head.split("\n")
        told = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first)
        proof = [base64.b64decode(each, validate=True) for each in hashes]
        body, signatures = notes.read_note(note)
        origin, size, root = notes.read_checkpoint(body)
        if not told or len(proof) > 63 or any(len(each) != 32 for each in proof) or not int(told[1]) <= size < 2**63:
            raise ValueError("no request as c2sp.org/tlog-witness describes it")
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            raise Refused(404, "this log is not known here\n")
        # Lines of unknown keys do no harm; a wrong one that bears a known name and id spoils the note.
        held = [key.holds(body, one.signature) for one in signatures for key in keys if _made_by(key, one)]
        if not held or not all(held):
            raise Refused(403, "no key that is trusted here signed this\n")
        with self._lock:  # compare, remember and sign as one: two requests at once must not roll each other back
            seen = self._seen.get(origin, _NOTHING)
            if int(told[1]) != seen["size"]:
                raise Refused(409, f"{seen['size']}\n", "text/x.tlog.size")
            if not grew(seen["size"], base64.b64decode(seen["root"]), size, root, proof):
                sys.stderr.write(f"!! {origin}: {seen['size']} -> {size} is another log; kept as proof:\n{note}\n")
                raise Refused(422, "the checkpoint does not continue the log that was seen here\n")
            at = max(int(time.time()), seen["time"])
            now = {"size": size, "root": base64.b64encode(root).decode(), "time": at}
            self._remember(origin, now)  # on disk before there is a signature
            signature = at.to_bytes(8, "big") + self._key.sign(f"cosignature/v1\ntime {at}\n{body}".encode())
            line: str = notes.signature_line(self.own.name, self.own.key_id, signature)
            self._remember(origin, {**now, "note": note + line})
            return line

    def checkpoint(self, origin_hash: str) -> str | None:
        """For monitors: the last checkpoint signed for the log whose origin has this SHA-256 (hex)."""
        found = (
            one for origin, one in self._seen.items() if hashlib.sha256(origin.encode()).hexdigest() == origin_hash
        )
        return next(found, {}).get("note")

    def _remember(self, origin: str, now: dict[str, Any]) -> None:
        _write(self._state_file, {**self._seen, origin: now})
        self._seen[origin] = now


def _made_by(key: Any, line: Any) -> bool:
    return (line.name, line.key_id) == (key.name, key.key_id)


def _write(path: Path, content: dict[str, Any]) -> None:
    """Replace a file so that after a power cut either the old or the new content is there."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class _Handler(BaseHTTPRequestHandler):
    """The HTTP face; HTTPS is a reverse proxy's."""

    witness: Witness
    protocol_version, server_version, sys_version, timeout = "HTTP/1.1", "witness", "", 20

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", "-1"))
            if self.path.rpartition("/")[2] != "add-checkpoint":
                raise Refused(404, "only add-checkpoint is answered here\n")
            if not 0 < length <= LARGEST:
                raise Refused(413, "the request is too large\n")
            answer = (200, self.witness.add_checkpoint(self.rfile.read(length)), _TEXT)
        except (Refused, ValueError) as error:
            self.close_connection = True  # what was not read must not be taken for the next request
            answer = error.answer if isinstance(error, Refused) else (400, "this request cannot be read\n", _TEXT)
        self._answer(*answer)

    def do_GET(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # as above: nobody reads the body
        found = re.fullmatch(r".*/([0-9a-f]{64})/checkpoint", self.path)
        note = self.witness.checkpoint(found[1]) if found else None
        self._answer(404 if note is None else 200, note or "not known here\n", _TEXT)

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 64


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the program is told on its command line."""
    say = parser.add_argument
    say("--listen", default="127.0.0.1:8700", metavar="HOST:PORT", help="监听地址 · address to listen on")
    say("--state", type=Path, required=True, help="状态文件 · file of what was seen; never lose it")
    say("--key", type=Path, required=True, help="密钥文件，首次运行时生成 · key file, made at first start")
    say("--log", action="append", required=True, metavar="VKEY", help="日志公钥 · the log's verifier key")
    say("--name", default="witness.local/w1", help="新密钥的名称 · name of a new key (a URL without https://)")


def run(given: argparse.Namespace) -> None:
    """Serve until interrupted; the verifier key is the first line of the output."""
    listen = re.fullmatch(r"(.+):([0-9]{1,5})", given.listen)
    if not listen or not re.fullmatch(r"[^\s+]+", given.name):
        raise SystemExit(
            "--listen 应为“地址：端口”，--name 不得含空格或加号。"
            " / --listen takes HOST:PORT, and --name has no blanks and no plus sign."
        )
    try:
        _Handler.witness = Witness(given.key, given.state, given.log, given.name)
        serving = _Server((listen[1], int(listen[2])), _Handler)
    except (ValueError, OverflowError, OSError) as error:
        raise SystemExit(f"参数或文件无法使用：{error} / An argument or a file cannot be used: {error}") from None
    print(_Handler.witness.own.vkey, flush=True)
    print(f"http://{listen[1]}:{serving.server_port}/", flush=True)
    serving.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    arguments(parser)
    run(parser.parse_args())
