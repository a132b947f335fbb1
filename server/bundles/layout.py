"""The layout of a bundle, the only place that names its files. Read together with docs/evidence.md.

    bagit.txt  bag-info.txt  manifest-sha256.txt  tagmanifest-sha256.txt
    data/bundle.json
    data/log/checkpoint  data/log/rotations.jsonl (if the log ever changed its key)
    data/sessions/<session>/0000/{statement.json,statement.sig,leaf.json,log.tlog-proof[,passkey.json]}
    data/sessions/<session>/NNNN/{as above[,private.json][,original-1.<ext>…][,derived/<kind>.<ext>]}
    data/keys/enrolments.jsonl
    data/custody.jsonl          the last line is the act of making this bundle
    data/anchors/<size>/{checkpoint,consistency.json[,cosigned][,token.tsr[,renewals.jsonl]]}
    data/case.json
    data/report/report.html
    data/tools/{verify.py,verify.html}   data/README.txt

In the zip all of it lies in one folder that has the archive's name (RFC 8493, 4).
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}

BUNDLE: Final = "data/bundle.json"
CHECKPOINT: Final = "data/log/checkpoint"
ROTATIONS: Final = "data/log/rotations.jsonl"
ENROLMENTS: Final = "data/keys/enrolments.jsonl"
CUSTODY: Final = "data/custody.jsonl"
CASE: Final = "data/case.json"
REPORT: Final = "data/report/report.html"
README: Final = "data/README.txt"


def statement_folder(session_id: UUID, seq: int) -> str:
    """The folder of a statement; 0000 is the one that opens the session."""
    return f"data/sessions/{session_id}/{seq:04d}"


def original(folder: str, position: int, media_type: str) -> str:
    """An original of the statement in this folder; ``position`` counts from 0 as in the statement."""
    return f"{folder}/original-{position + 1}.{ending(media_type)}"


def derived(folder: str, kind: str, position: int, media_type: str) -> str:
    """A copy drawn from the original at a position."""
    number = f"-{position + 1}" if position else ""
    return f"{folder}/derived/{kind}{number}.{ending(media_type)}"


def anchor(size: int, name: str) -> str:
    """A file of the anchor of the checkpoint of this size."""
    return f"data/anchors/{size}/{name}"


def tool(name: str) -> str:
    """One of the verifiers that go along."""
    return f"data/tools/{name}"


def ending(media_type: str) -> str:
    """The ending of a file's name; the type is the phone's word, so only known ones count."""
    return ENDINGS.get(media_type, "bin")
