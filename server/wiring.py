"""Binds events to the jobs that follow from them; called once by every composition root and by the tests."""

from __future__ import annotations

from server.access import shown as access_shown
from server.bundles.events import BundleMade
from server.cases import shown as cases_shown
from server.cases.events import CaseProposed, EvidenceCited
from server.cases.links import cases_citing
from server.evidence import jobs as evidence
from server.evidence import links, stamps
from server.evidence import shown as evidence_shown
from server.evidence.events import CaptureOpened, CaptureReviewed, ChainSealed
from server.evidence.logged import altered_readings, statement_leaves
from server.findings import shown as findings_shown
from server.findings.events import FindingRecorded
from server.journal import effects
from server.kit.jobs import Handler, Job
from server.push import jobs as push
from server.tlog.anchors import jobs as anchors
from server.tlog.audit import sources as log_sources
from server.tlog.witnesses import jobs as witnesses
from server.visits.events import VisitAdvanced

# What is stamped at once from outside: the end of a visit's chain, what is laid before those who decide or judged, and
# what leaves the office.
ANCHORED: effects.Effects = {
    ChainSealed: (anchors.ANCHOR_SEAL,),
    CaseProposed: (anchors.ANCHOR_DECISION,),
    CaptureReviewed: (anchors.ANCHOR_DECISION,),
    BundleMade: (anchors.ANCHOR_DEMAND,),
}
# A decision comes into sight: what it will rest on is stamped before it, unless it is stamped already.
FORESEEN: effects.Effects = {
    CaptureOpened: (stamps.STAMP_BEFORE_DECISION,),
    FindingRecorded: (stamps.STAMP_BEFORE_DECISION,),
    VisitAdvanced: (stamps.STAMP_BEFORE_DECISION,),
    EvidenceCited: (stamps.STAMP_BEFORE_DECISION,),
}
EFFECTS: list[effects.Effects] = [push.ON_EVENT, evidence.ON_EVENT, anchors.ON_EVENT, ANCHORED, FORESEEN]
HANDLERS: dict[Job, Handler] = {
    **push.HANDLERS,
    **evidence.HANDLERS,
    **stamps.HANDLERS,
    **anchors.HANDLERS,
    **witnesses.HANDLERS,
}


def wire() -> None:
    """Bind the ``ON_EVENT`` tables of all packages, and what lower packages show of higher ones."""
    effects.bind(EFFECTS)
    links.bind(cases_citing)
    shown = (evidence_shown, findings_shown, cases_shown)
    accounts = [log_sources.Comparison(name, sql) for name, sql in access_shown.COMPARISONS]
    compared = [*accounts, *(one for part in shown for one in part.COMPARISONS)]
    log_sources.bind([statement_leaves, altered_readings], compared)
