"""Whoever holds a bundle edits the records of acts, the report, the case and the table of contents."""

from __future__ import annotations

import json

from tests.bundles import stories
from tests.bundles.synthetic import Bundle
from tests.bundles.tamper.catalogue import ACTS, TABLE, by
from tests.bundles.tamper.forging import honest
from tests.bundles.trees import jcs


@by("supervisor", "export.contents", ACTS)
def rejection_left_out() -> Bundle:
    """The record that a supervisor rejected the capture is left out."""
    bundle = honest()
    lines = bundle.files["data/custody.jsonl"].splitlines(keepends=True)
    kept = [line for line in lines if b"capture.reviewed" not in line]
    assert len(kept) == len(lines) - 1
    bundle.files["data/custody.jsonl"] = b"".join(kept)
    return bundle.remanifest()


@by("supervisor", "log.inclusion", ACTS)
def rejection_turned() -> Bundle:
    """The record of the rejection is turned into one of acceptance."""
    bundle = honest()
    name = "data/custody.jsonl"
    bundle.files[name] = bundle.files[name].replace(b"REJECTED", b"ACCEPTED")
    return bundle.remanifest()


@by("inspected unit", "export.contents", TABLE)
def report_edited() -> Bundle:
    """The printed report tells something else."""
    bundle = honest()
    bundle.files["data/report/report.html"] = b"<!doctype html><title>nothing found</title>"
    return bundle.remanifest()


@by("inspected unit", "export.entry", TABLE)
def purpose_edited() -> Bundle:
    """The table of contents names another purpose."""
    bundle = honest()
    bundle.files["data/bundle.json"] = bundle.files["data/bundle.json"].replace(b"for the court", b"for research")
    return bundle.remanifest()


@by("inspected unit", "case.citations", ACTS)
def citation_changed() -> Bundle:
    """The case cites another capture than was recorded."""
    bundle = stories.case().build()
    told = json.loads(bundle.files["data/case.json"])
    other = bundle.story.statement("capture/1", 2)
    told["citations"][1] = {"stmt": other.digest, "capture": other.body["id"]}
    bundle.files["data/case.json"] = jcs(told)
    return bundle.remanifest()
