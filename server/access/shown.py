"""What pages show of accounts, units and roles beside what the acts say: each query yields the rows that disagree.

Names are compared by the digest that the acts hold. Roles are compared where the office was founded by the product
(``zhicha found``): whoever gives himself one behind the guards has no act for it. See ``zhicha log audit``.
"""

from __future__ import annotations

from typing import Final

_FOUNDED: Final = (
    "EXISTS (SELECT 1 FROM journal_entries f WHERE f.org_id = {0}.org_id AND f.subject_kind = 'org'"
    " AND f.subject_id = {0}.org_id AND f.kind = 'org.founded')"
)
# As ``names.digest`` writes it: keys in order, no blanks; names hold no sign that JSON spells in two ways.
_PERSON: Final = (
    "encode(sha256(convert_to('{{\"name\":' || to_json({0}.name) || ',\"unit_id\":\"' || {0}.{1} || '\"}}', 'UTF8')),"
    " 'hex')"
)
_UNIT: Final = (
    "encode(sha256(convert_to('{{\"kind\":' || to_json({0}.kind) || ',\"name\":' || to_json({0}.name)"
    " || ',\"parent_id\":' || coalesce('\"' || {0}.{1} || '\"', 'null') || '}}', 'UTF8')), 'hex')"
)


def _last(kind: str) -> str:
    """What the latest act says of a person or unit."""
    return (
        "JOIN LATERAL (SELECT coalesce(j.data->>'after_sha256', j.data->>'sha256') AS sha FROM journal_entries j"
        f" WHERE j.org_id = r.org_id AND j.subject_kind = '{kind}' AND j.subject_id = r.id"
        f" AND j.kind IN ('{kind}.added', '{kind}.changed') ORDER BY j.at DESC, j.id DESC LIMIT 1) e"
        " ON e.sha IS NOT NULL"
    )


def _both(rows: str, acts: str) -> str:
    """Rows and acts that have no counterpart."""
    return (
        f"SELECT coalesce(r.id, e.id) AS id FROM ({rows}) r FULL JOIN ({acts}) e"
        " ON (r.id, r.what, r.at, coalesce(r.who::text, ''), coalesce(r.sha, ''))"
        " = (e.id, e.what, e.at, coalesce(e.who::text, ''), coalesce(e.sha, '')) WHERE r.id IS NULL OR e.id IS NULL"
    )


_CHANGE_SHA: Final = (
    f"CASE WHEN c.person_id IS NOT NULL THEN {_PERSON.format('c', 'place_id')} ELSE {_UNIT.format('c', 'place_id')} END"
)

COMPARISONS: Final = (
    (
        "account",
        f"SELECT r.id FROM people r {_last('person')} WHERE e.sha <> {_PERSON.format('r', 'unit_id')}",
    ),
    (
        "unit",
        f"SELECT r.id FROM units r {_last('unit')} WHERE e.sha <> {_UNIT.format('r', 'parent_id')}",
    ),
    (
        "change of account or unit",
        _both(
            f"SELECT c.id, 'asked' AS what, c.asked_by AS who, c.asked_at AS at, {_CHANGE_SHA} AS sha"
            " FROM directory_changes c UNION ALL"
            " SELECT c.id, CASE c.outcome WHEN 'CONFIRMED' THEN 'changed' ELSE 'refused' END, c.decided_by,"
            f" c.decided_at, CASE c.outcome WHEN 'CONFIRMED' THEN {_CHANGE_SHA} END FROM directory_changes c"
            " WHERE c.outcome IN ('CONFIRMED', 'REFUSED')",
            "SELECT (data->>'change_id')::uuid AS id, CASE WHEN kind LIKE '%asked' THEN 'asked'"
            " WHEN kind LIKE '%refused' THEN 'refused' ELSE 'changed' END AS what, actor_id AS who, at,"
            " data->>'after_sha256' AS sha FROM journal_entries WHERE kind IN ('person.change_asked', 'person.changed',"
            " 'person.change_refused', 'unit.change_asked', 'unit.changed', 'unit.change_refused')",
        ),
    ),
    (
        "request for a role",
        _both(
            "SELECT id, 'asked' AS what, asked_by AS who, asked_at AS at, role || ends AS sha FROM role_requests"
            " UNION ALL SELECT id, lower(outcome), decided_by, decided_at, role || ends FROM role_requests"
            " WHERE outcome IN ('CONFIRMED', 'REFUSED')",
            "SELECT (data->>'request_id')::uuid AS id, substr(kind, 13) AS what, actor_id AS who, at,"
            " (data->>'role') || (data->>'ends') AS sha FROM journal_entries"
            " WHERE kind IN ('person.role_asked', 'person.role_confirmed', 'person.role_refused')",
        ),
    ),
    (
        "role of account",
        _both(
            "SELECT g.person_id AS id, g.role AS what, NULL::uuid AS who, g.granted_at AS at, 'given' AS sha"
            f" FROM role_grants g WHERE {_FOUNDED.format('g')} UNION ALL SELECT g.person_id, g.role, NULL,"
            " g.revoked_at, 'ended'"
            f" FROM role_grants g WHERE g.revoked_at IS NOT NULL AND {_FOUNDED.format('g')}",
            "SELECT j.subject_id AS id, j.data->>'role' AS what, NULL::uuid AS who, j.at,"
            " CASE WHEN (j.data->>'ends')::bool THEN 'ended' ELSE 'given' END AS sha FROM journal_entries j"
            f" WHERE j.kind IN ('person.officer_named', 'person.role_confirmed') AND {_FOUNDED.format('j')} UNION ALL"
            " SELECT j.subject_id, held.role, NULL, j.at, 'ended' FROM journal_entries j,"
            " jsonb_array_elements_text(j.data->'roles') AS held (role)"
            f" WHERE j.kind = 'person.account_closed' AND {_FOUNDED.format('j')}",
        ),
    ),
    (
        "recovery of account",
        "SELECT p.id FROM people p LEFT JOIN LATERAL (SELECT CASE j.kind WHEN 'person.officer_recovered' THEN j.at END"
        " AS at FROM journal_entries j WHERE j.org_id = p.org_id AND j.subject_kind = 'person' AND j.subject_id = p.id"
        " AND j.kind IN ('person.officer_recovered', 'person.account_reopened') ORDER BY j.at DESC, j.id DESC LIMIT 1)"
        " e ON true WHERE p.recovered_at IS DISTINCT FROM e.at",
    ),
)
