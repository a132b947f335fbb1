"""Who may see a case.

The head of the office sees all, a supervisor the drafts of his own, the leaders what has been proposed. Discipline
organs see a case once it has been handed over. A case whose visit does not exist for the reader does not exist either,
so that a proposal betrays no unreleased visit (R81). That holds for the visits of what it cites as for those of its
findings.
"""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor
from server.access.roles import Role
from server.cases.lifecycle import CaseState
from server.visits.scope import visible_to as visit_visible_to

_WITH_ORGAN = (CaseState.HANDED_OVER, CaseState.UNDER_INVESTIGATION, CaseState.DECIDED, CaseState.FED_BACK)


def visible_to(actor: Actor, first: int, case: str = "c") -> tuple[str, list[Any]]:
    """A SQL condition over the cases table under the alias ``case``, and its eleven arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses eleven.
        case: alias of ``cases`` in the query.
    """
    org, office, person, leaders, organ, handed = (f"${first + i}" for i in range(6))
    visit, visit_args = visit_visible_to(actor, first + 6, "cv")
    condition = (
        f"({case}.org_id = {org} AND ("
        f"({organ}::bool AND {case}.state = ANY({handed}::text[]))"
        f" OR (({office}::bool OR {case}.drafted_by = {person}::uuid OR ({leaders}::bool AND {case}.state <> 'DRAFT'))"
        " AND NOT EXISTS (SELECT 1 FROM case_findings cf JOIN findings ff ON ff.id = cf.finding_id"
        f" JOIN visits cv ON cv.id = ff.visit_id WHERE cf.case_id = {case}.id AND NOT {visit})"
        " AND NOT EXISTS (SELECT 1 FROM case_evidence ce JOIN captures cc ON cc.id = ce.capture_id"
        " JOIN visits cv ON cv.id = cc.visit_id"
        f" WHERE ce.case_id = {case}.id AND ce.withdrawn_at IS NULL AND NOT {visit}))))"
    )
    return condition, [
        actor.org_id,
        actor.has(Role.OFFICE),
        actor.person_id,
        actor.has(Role.LEADER, Role.HEAD),
        actor.has(Role.JW),
        [state.value for state in _WITH_ORGAN],
        *visit_args,
    ]
