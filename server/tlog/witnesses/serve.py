"""``zhicha witness``: cosigns checkpoints of a log that only ever grew. One file; needs Python and ``cryptography``.

Protocol: c2sp.org/tlog-witness (``add-checkpoint``, and the monitor's ``GET /<origin hash>/checkpoint``); signature:
c2sp.org/tlog-cosignature, ``cosignature/v1``. What it promises: it never signs two checkpoints of one log of which the
larger does not contain the smaller. What it saw last is on disk (fsync) before it signs.
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

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LARGEST = 64 * 1024
_LOG_KEY, _COSIGNER_KEY = b"\x01", b"\x04"  # signature types of c2sp.org/signed-note
_ANSWER = tuple[int, str, str]


class Refused(Exception):
    """The answer to a request that is not granted: status, text and media type."""

    def __init__(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        super().__init__(text)
        self.answer: _ANSWER = (status, text, kind)


def key_id(name: str, material: bytes) -> bytes:
    """The key id of c2sp.org/signed-note; ``material`` is the signature type followed by the public key."""
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def vkey(name: str, material: bytes) -> str:
    """The verifier key as text."""
    return f"{name}+{key_id(name, material).hex()}+{base64.b64encode(material).decode()}"


def read_vkey(text: str, kind: bytes) -> tuple[str, bytes, Ed25519PublicKey]:
    """Name, key id and public key of a verifier key of one signature type.

    Raises:
        ValueError: it is none.
    """
    name, given, encoded = text.strip().split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if not name or material[:1] != kind or len(material) != 33 or given != key_id(name, material).hex():
        raise ValueError(f"this is no verifier key of type {kind.hex()}: {text!r}")
    return name, bytes.fromhex(given), Ed25519PublicKey.from_public_bytes(material[1:])


def node(left: bytes, right: bytes) -> bytes:
    """An inner node of an RFC 6962 tree."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grew(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of ``new`` leaves begins with the one of ``old`` (RFC 9162, 2.1.4.2)."""
    if old == new or old == 0:
        return not proof and (old == 0 or old_root == new_root)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if old > new or not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for each in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node(each, first), node(each, second)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node(second, each)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root


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
            self._write(state_file, json.dumps({}))  # first, so that a key never stands without a memory
            fresh = Ed25519PrivateKey.generate().private_bytes_raw()
            self._write(key_file, json.dumps({"name": name, "seed": base64.b64encode(fresh).decode()}))
        if not state_file.exists():
            raise SystemExit(
                f"缺少状态文件 {state_file}：忘记所见的见证人不得再用旧密钥签名，请换新密钥。"
                f" / The state file {state_file} is missing: a witness that forgot must not sign with its old key;"
                " make a new one."
            )
        kept = json.loads(key_file.read_text())
        self.name: str = kept["name"]
        self._key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["seed"]))
        material = _COSIGNER_KEY + self._key.public_key().public_bytes_raw()
        self.vkey, self._id = vkey(self.name, material), key_id(self.name, material)
        self._logs: dict[str, list[tuple[bytes, Ed25519PublicKey]]] = {}
        for text in logs:
            origin, known, public = read_vkey(text, _LOG_KEY)
            self._logs.setdefault(origin, []).append((known, public))
        self._seen: dict[str, dict[str, Any]] = json.loads(state_file.read_text())

    def add_checkpoint(self, body: bytes) -> str:
        """The cosignature line for a submitted checkpoint.

        Raises:
            Refused: 400, 403, 404, 409 or 422, as c2sp.org/tlog-witness says.
        """
        old, proof, note, text = self._read(body)
        origin, size, root = self._checkpoint(text)
        if origin not in self._logs:
            raise Refused(404, "this log is not known here\n")
        self._authentic(origin, text, note)
        if old > size:
            raise Refused(400, "the old size is beyond the checkpoint's\n")
        with self._lock:  # compare, remember and sign as one: two requests at once must not roll each other back
            seen = self._seen.get(origin, {"size": 0, "root": "", "time": 0})
            if old != seen["size"]:
                raise Refused(409, f"{seen['size']}\n", "text/x.tlog.size")
            empty = hashlib.sha256().digest()
            if (size == 0 and root != empty) or not grew(old, base64.b64decode(seen["root"]), size, root, proof):
                sys.stderr.write(f"!! {origin}: {old} -> {size} is not the same log; kept as proof:\n{note}\n")
                raise Refused(422, "the checkpoint does not continue the log that was seen here\n")
            at = max(int(time.time()), seen["time"])
            now = {"size": size, "root": base64.b64encode(root).decode(), "time": at}
            self._remember(origin, now)  # on disk before there is a signature
            line = self._line(text, at)
            self._remember(origin, {**now, "note": note + line})
            return line

    def checkpoint(self, origin_hash: str) -> str | None:
        """For monitors: the last checkpoint signed for the log whose origin has this SHA-256 (hex)."""
        for origin, seen in self._seen.items():
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return seen.get("note")
        return None

    def _remember(self, origin: str, now: dict[str, Any]) -> None:
        self._write(self._state_file, json.dumps({**self._seen, origin: now}, ensure_ascii=False, indent=1))
        self._seen[origin] = now

    def _line(self, text: str, at: int) -> str:
        signature = self._key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        return f"— {self.name} {base64.b64encode(self._id + at.to_bytes(8, 'big') + signature).decode()}\n"

    @staticmethod
    def _read(body: bytes) -> tuple[int, list[bytes], str, str]:
        """Old size, proof, the note, and the note's text; strictly as the protocol spells them."""
        try:
            head, _, note = body.decode().partition("\n\n")
            first, *hashes = head.split("\n")
            found = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first)
            proof = [base64.b64decode(each, validate=True) for each in hashes]
            text = note[: note.rindex("\n\n") + 1]
        except ValueError:
            raise Refused(400, "this is no request as c2sp.org/tlog-witness describes it\n") from None
        if not found or len(proof) > 63 or any(len(each) != 32 for each in proof) or not note.endswith("\n"):
            raise Refused(400, "this is no request as c2sp.org/tlog-witness describes it\n")
        return int(found[1]), proof, note, text

    @staticmethod
    def _checkpoint(text: str) -> tuple[str, int, bytes]:
        found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)", text)
        if not found or re.search(r"[\x00-\x09\x0b-\x1f]", text):
            raise Refused(400, "this is no checkpoint as c2sp.org/tlog-checkpoint describes it\n")
        return found[1], int(found[2]), base64.b64decode(found[3])

    def _authentic(self, origin: str, text: str, note: str) -> None:
        good = 0
        for line in note[len(text) + 1 :].splitlines():
            mark, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            try:
                blob = base64.b64decode(encoded, validate=True)
            except ValueError:
                raise Refused(400, "a signature line cannot be read\n") from None
            if mark != "—" or not name or len(blob) < 5:
                raise Refused(400, "a signature line cannot be read\n")
            for known, public in self._logs[origin] if name == origin else ():
                if blob[:4] == known:
                    try:
                        public.verify(blob[4:], text.encode())
                    except InvalidSignature:
                        raise Refused(403, "a signature of the log's key is wrong\n") from None
                    good += 1
        if not good:
            raise Refused(403, "no key that is trusted here signed this\n")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """Replace a file so that after a power cut either the old or the new content is there."""
        beside = path.with_name(path.name + ".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """The HTTP face of a witness; not started yet."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, server_version, sys_version, timeout = "HTTP/1.1", "witness", "", 20

        def do_POST(self) -> None:
            try:
                length = int(self.headers.get("Content-Length", "-1"))
                if self.path.rpartition("/")[2] != "add-checkpoint":
                    raise Refused(404, "only add-checkpoint is answered here\n")
                if not 0 < length <= LARGEST:
                    raise Refused(413, "the request is too large\n")
                self._answer(200, witness.add_checkpoint(self.rfile.read(length)), "text/plain; charset=utf-8")
            except Refused as refused:
                self.close_connection = True  # what was not read must not be taken for the next request
                self._answer(*refused.answer)
            except ValueError:
                self.close_connection = True
                self._answer(400, "the request cannot be read\n", "text/plain; charset=utf-8")

        def do_GET(self) -> None:
            found = re.fullmatch(r".*/([0-9a-f]{64})/checkpoint", self.path)
            note = witness.checkpoint(found[1]) if found else None
            self._answer(404 if note is None else 200, note or "not known here\n", "text/plain; charset=utf-8")

        def _answer(self, status: int, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads, request_queue_size = True, 64

    return Server((host, port), Handler)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the program is told on its command line."""
    parser.add_argument(
        "--listen", default="127.0.0.1:8700", metavar="HOST:PORT", help="监听地址 · address to listen on"
    )
    parser.add_argument("--state", type=Path, required=True, help="状态文件 · file of what was seen; never lose it")
    parser.add_argument(
        "--key", type=Path, required=True, help="密钥文件，首次运行时生成 · key file, made at first start"
    )
    parser.add_argument(
        "--log", action="append", required=True, metavar="VKEY", help="日志公钥 · the log's verifier key"
    )
    parser.add_argument(
        "--name", default="witness.local/w1", help="新密钥的名称 · name of a new key (a URL without https://)"
    )


def run(given: argparse.Namespace) -> None:
    """Serve until interrupted; the verifier key is the first line of the output."""
    listen = re.fullmatch(r"(.+):([0-9]{1,5})", given.listen)
    if not listen or not re.fullmatch(r"[^\s+]+", given.name):
        raise SystemExit(
            "--listen 应为“地址:端口”，--name 不得含空格或加号。"
            " / --listen takes HOST:PORT, and --name has no blanks and no plus sign."
        )
    try:
        witness = Witness(given.key, given.state, given.log, given.name)
        serving = server(witness, listen[1], int(listen[2]))
    except (ValueError, OverflowError) as error:
        raise SystemExit(f"参数或文件无法使用：{error} / An argument or a file cannot be used: {error}") from None
    except OSError as error:
        raise SystemExit(f"无法启动：{error} / This cannot be started: {error}") from None
    print(witness.vkey, flush=True)
    print(f"http://{listen[1]}:{serving.server_port}/", flush=True)
    serving.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    arguments(parser)
    run(parser.parse_args())
