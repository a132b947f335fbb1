"""All lifecycles and maintained lists as one JSON document, from which the PWA's are generated.

``python -m server.lifecycles`` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import msgspec

from server.access.contacts_schemas import CONTACT_NAMES
from server.access.roles import ROLE_NAMES
from server.cases import lifecycle as cases
from server.circulation import kinds as circulation_kinds
from server.circulation import lifecycle as circulations
from server.findings import kinds
from server.findings import lifecycle as findings
from server.intake import lifecycle as intake
from server.items import kinds as item_kinds
from server.items import lifecycle as items
from server.items import planning_rules, sources
from server.kit.lifecycle import described
from server.meetings import kinds as meeting_kinds
from server.programmes import lifecycle as programmes
from server.rulepacks import lifecycle as rule_packs
from server.rulepacks.vocabulary import DESK_CLASSES
from server.slips import joint_schemas as joint
from server.slips import kinds as slip_kinds
from server.slips import lifecycle as slips
from server.visits import lifecycle as visits
from server.visits import schemas as visit_lists


def export_lifecycles() -> dict[str, Any]:
    """Every lifecycle by its word: states, acts and steps, with Chinese and English names."""
    words = {
        word: described(package.LIFECYCLE, package.STATE_NAMES, package.ACT_NAMES)
        for word, package in (
            ("item", items),
            ("slip", slips),
            ("visit", visits),
            ("finding", findings),
            ("case", cases),
            ("circulation", circulations),
            ("rule_pack", rule_packs),
            ("programme", programmes),
            ("intake", intake),
        )
    }
    return words | {"receipt": described(slips.RECEIPT, slips.RECEIPT_NAMES, slips.RECEIPT_ACT_NAMES)}


def export_lists() -> dict[str, list[dict[str, str]]]:
    """Every maintained list by its name: codes with Chinese and English names, in the order to show them."""
    return {
        "role": _named(ROLE_NAMES),
        "source_kind": _named(sources.SOURCE_NAMES),
        "item_category": _named(sources.CATEGORY_NAMES),
        "urgency": _named(sources.URGENCY_NAMES),
        "supervision_kind": _named(item_kinds.SUPERVISION_KIND_NAMES),
        "content_kind": _named(item_kinds.CONTENT_KIND_NAMES),
        "basis_kind": _named(item_kinds.BASIS_NAMES),
        "mode": _named(item_kinds.MODE_NAMES),
        "importance": _named(item_kinds.IMPORTANCE_NAMES),
        "intensity": _named(item_kinds.INTENSITY_NAMES),
        "leader_level": _named(item_kinds.LEADER_LEVEL_NAMES),
        "channel": _named(item_kinds.CHANNEL_NAMES),
        "attachment_kind": _named(item_kinds.ATTACHMENT_KIND_NAMES),
        "slip_series": _named(slip_kinds.SERIES_NAMES),
        "slip_channel": _named(slip_kinds.SLIP_CHANNEL_NAMES),
        "slip_delivery": _named(slip_kinds.DELIVERY_NAMES),
        "slip_part": _named(slip_kinds.PART_NAMES),
        "disagreement_state": _named(joint.DISAGREEMENT_NAMES),
        "consultation_kind": _named(joint.CONSULTATION_NAMES),
        "contact_kind": _named(CONTACT_NAMES),
        "site_kind": _named(sources.SITE_KIND_NAMES),
        "meeting_kind": _named(meeting_kinds.MEETING_KIND_NAMES),
        "standing": _named(planning_rules.STANDING_NAMES),
        "visit_method": _named(visit_lists.METHOD_NAMES),
        "visit_nature": _named(visit_lists.NATURE_NAMES),
        "programme_kind": _named(programmes.KIND_NAMES),
        "clause": _named(visit_lists.CLAUSE_NAMES),
        "finding_category": _named(kinds.CATEGORY_NAMES),
        "severity": _named(kinds.SEVERITY_NAMES),
        "desk_class": _named(DESK_CLASSES),
        "way": _named(circulation_kinds.WAY_NAMES),
    }


def _named(names: Mapping[Any, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": str(code), "zh": zh, "en": en} for code, (zh, en) in names.items()]


def main() -> None:
    """Print the document."""
    document = {"lifecycles": export_lifecycles(), "lists": export_lists()}
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")


if __name__ == "__main__":
    main()
