"""One request to a witness: ``add-checkpoint`` of c2sp.org/tlog-witness, seen from the log's side."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.kit import clock
from server.tlog import notes
from server.tlog.anchors import http
from server.tlog.queries import Checkpoint
from server.tlog.witnesses.cosignatures import Cosignature, cosignature_in

_TEXT: Final = "text/plain; charset=utf-8"
_FORK: Final = ("fork", "the witness saw another log under this name")
_REFUSALS: Final = {
    403: ("key_unknown", "the witness does not trust the log's key"),
    404: ("log_unknown", "the witness does not know this log"),
    422: _FORK,
}


class NotCosigned(Exception):
    """There is no cosignature. ``code`` says why, for people and for the state page."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail[:200]


@dataclass(frozen=True, slots=True)
class OtherSize:
    """The witness last saw the log at this size, not at the one that was assumed."""

    size: int


def add_checkpoint(
    url: str, key: notes.Verifier, checkpoint: Checkpoint, old: int, proof: Sequence[bytes]
) -> Cosignature | OtherSize:
    """Ask for a cosignature; blocks, so it is called in a thread.

    Raises:
        NotCosigned: with one of the codes out_of_reach, key_unknown, log_unknown, fork, malformed.
    """
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
    body = "".join(f"{line}\n" for line in lines) + "\n" + checkpoint.note
    try:
        answer = http.post(f"{url}/add-checkpoint", body.encode(), _TEXT)
    except http.OutOfReach as error:
        raise NotCosigned("out_of_reach", str(error)) from error
    try:
        text = answer.body.decode()
        if answer.status == 409:
            sized = answer.media_type == "text/x.tlog.size"
            if old == checkpoint.size and (not sized or int(text) == old):  # two trees of one size
                raise NotCosigned(*_FORK)
            if sized:
                return OtherSize(int(text))
        if answer.status == 200:
            return cosignature_in(text, checkpoint.body, key, clock.now())
    except ValueError as error:
        raise NotCosigned("malformed", str(error)) from error
    code, meaning = _REFUSALS.get(answer.status, ("out_of_reach", ""))
    raise NotCosigned(code, meaning or f"HTTP {answer.status}")
