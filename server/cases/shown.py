"""What the desk shows of cases beside what the acts say (``zhicha log audit``): citations, and who drafted them."""

from __future__ import annotations

from typing import Final

from server.tlog.audit.sources import Comparison

COMPARISONS: Final = (
    Comparison(
        "citation",
        "SELECT coalesce(r.case_id, e.case_id) AS id FROM"
        " (SELECT case_id, capture_id, 'cited' AS act, cited_by AS who, cited_at AS at, statement_sha256 AS sha"
        "  FROM case_evidence UNION ALL SELECT case_id, capture_id, 'withdrawn', NULL, withdrawn_at, statement_sha256"
        "  FROM case_evidence WHERE withdrawn_at IS NOT NULL) r"
        " FULL JOIN (SELECT subject_id AS case_id, (data->>'capture_id')::uuid AS capture_id, substr(kind, 15) AS act,"
        "  CASE kind WHEN 'case.evidence_cited' THEN actor_id END AS who, at, decode(data->>'statement_sha256', 'hex')"
        "  AS sha FROM journal_entries WHERE kind IN ('case.evidence_cited', 'case.evidence_withdrawn')) e"
        " ON (r.case_id, r.capture_id, r.act, r.at) = (e.case_id, e.capture_id, e.act, e.at)"
        " WHERE (r.who, r.sha, r.at) IS DISTINCT FROM (e.who, e.sha, e.at)",
    ),
    Comparison(
        "citation of another statement",
        "SELECT e.case_id AS id FROM case_evidence e LEFT JOIN captures c ON c.id = e.capture_id"
        " WHERE e.statement_sha256 IS DISTINCT FROM c.statement_sha256",
    ),
    Comparison(
        "case",
        "SELECT coalesce(c.id, d.subject_id) AS id FROM cases c FULL JOIN (SELECT subject_id, actor_id, at"
        " FROM journal_entries WHERE kind = 'case.drafted') d ON d.subject_id = c.id"
        " LEFT JOIN journal_entries p ON p.kind = 'case.proposed' AND p.subject_kind = 'case' AND p.subject_id = c.id"
        " WHERE (c.drafted_by, c.drafted_at) IS DISTINCT FROM (d.actor_id, d.at)"
        " OR (c.proposed_by, c.proposed_at) IS DISTINCT FROM (p.actor_id, p.at)"
        " OR (c.state = 'DRAFT') IS DISTINCT FROM (p.id IS NULL)",
    ),
)
