"""How long a text may be, as the front end's forms need it: read from the input structs, so that there is one source.

``python -m server.form_limits`` prints it; `make api` writes it into the front end.
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from msgspec import Struct, inspect

from media.images.signatures import HEIC_BRANDS
from server.access.schemas import AskRevocation
from server.bundles.schemas import MakeBundle
from server.cases.schemas import DraftCase
from server.evidence.schemas import ReviewCapture, WriteText
from server.evidence.statements import CosignPrivate, Discard, NotePrivate, Private
from server.findings.schemas import DecideFinding
from server.items.schemas import RecordSite, RegisterItem
from server.sync.schemas import AnswerQuery, RecordFinding
from server.visits.schemas import AbortVisit, Clause, PlanVisit

_TEXTS: dict[str, tuple[type[Struct], str]] = {
    "note": (Private, "note"),
    "discard": (Discard, "reason"),
    "field_note": (NotePrivate, "text"),
    "cosigner": (CosignPrivate, "name"),
    "cosigner_post": (CosignPrivate, "post"),
    "refusal": (CosignPrivate, "reason"),
    "lost_phone": (AskRevocation, "reason"),
    "finding": (RecordFinding, "text"),
    "answer": (AnswerQuery, "text"),
    "clause": (Clause, "reason"),
    "review": (ReviewCapture, "reason"),
    "question": (WriteText, "text"),
    "comment": (WriteText, "text"),
    "verdict": (DecideFinding, "reason"),
    "abort": (AbortVisit, "reason"),
    "visit_title": (PlanVisit, "title"),
    "brief": (PlanVisit, "brief"),
    "case_title": (DraftCase, "title"),
    "facts": (DraftCase, "facts"),
    "item_title": (RegisterItem, "title"),
    "source_ref": (RegisterItem, "source_ref"),
    "purpose": (MakeBundle, "purpose"),
    "site_name": (RecordSite, "name"),
    "site_address": (RecordSite, "address"),
}


def export_limits() -> dict[str, int]:
    """The greatest length of every text that people write, in characters."""
    return {name: _longest(struct, field) for name, (struct, field) in _TEXTS.items()}


def export_heic_brands() -> list[str]:
    """The four-letter names by which a file says that it is HEIC."""
    return sorted(brand.decode() for brand in HEIC_BRANDS)


def _longest(struct: type[Struct], name: str) -> int:
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)
    field: Any = next(field.type for field in described.fields if field.name == name)
    kinds = field.types if isinstance(field, inspect.UnionType) else (field,)
    return max(kind.max_length for kind in kinds if isinstance(kind, inspect.StrType) and kind.max_length is not None)


if __name__ == "__main__":
    known = {"limits": export_limits(), "heic_brands": export_heic_brands()}
    sys.stdout.write(msgspec.json.encode(known).decode() + "\n")
