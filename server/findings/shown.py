"""What the desk shows of findings beside what the acts say (``zhicha log audit``): their captures, who decided what."""

from __future__ import annotations

from typing import Final

from server.tlog.audit.sources import Comparison

COMPARISONS: Final = (
    Comparison(
        "finding",
        "SELECT coalesce(f.id, e.subject_id) AS id FROM findings f FULL JOIN (SELECT subject_id, actor_id, at, data"
        " FROM journal_entries WHERE kind = 'finding.recorded') e ON e.subject_id = f.id"
        " WHERE (f.person_id, f.recorded_at, f.visit_id, f.category, f.severity) IS DISTINCT FROM (e.actor_id, e.at,"
        "  (e.data->>'visit_id')::uuid, e.data->>'category', e.data->>'severity')"
        " OR ARRAY(SELECT fc.capture_id FROM finding_captures fc WHERE fc.finding_id = f.id ORDER BY 1)"
        "  <> ARRAY(SELECT c::uuid FROM jsonb_array_elements_text(e.data->'captures') c ORDER BY 1)",
    ),
    Comparison(
        "decision on finding",
        "SELECT f.id FROM findings f LEFT JOIN LATERAL (SELECT kind, data FROM journal_entries j"
        " WHERE j.subject_kind = 'finding' AND j.org_id = f.org_id AND j.subject_id = f.id"
        " AND j.kind IN ('finding.confirmed', 'finding.dismissed') ORDER BY at DESC, id DESC LIMIT 1) e ON true"
        " WHERE (f.state = 'FOUND') IS DISTINCT FROM (e.kind IS NULL)"
        " OR (f.state = 'DISMISSED') IS DISTINCT FROM coalesce(e.kind = 'finding.dismissed', false)"
        " OR f.reason IS DISTINCT FROM coalesce(e.data->>'reason', '')",
    ),
)
