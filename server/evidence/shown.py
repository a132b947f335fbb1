"""What the desk shows of evidence and phones beside what the acts say: each query yields the rows that disagree.

Rows are kept for reading; the acts are leaves of the log. Whoever changes, adds or removes a row behind the guards
therefore disagrees with an act (``zhicha log audit``). What no act says is named in ``docs/threat-model.md``.
"""

from __future__ import annotations

from typing import Final

from server.tlog.audit.sources import Comparison


def _beside(name: str, rows: str, acts: str, columns: str) -> Comparison:
    """Rows and acts in both directions; ``columns`` are those that must agree, the first of them the id."""
    first = columns.split(", ")[0]
    row, act = (", ".join(f"{side}.{one}" for one in columns.split(", ")) for side in ("r", "e"))
    return Comparison(
        name,
        f"SELECT coalesce(r.{first}, e.{first}) AS id FROM ({rows}) r FULL JOIN ({acts}) e"
        f" ON (r.{first}, r.beside) = (e.{first}, e.beside) WHERE ({row}) IS DISTINCT FROM ({act})",
    )


COMPARISONS: Final = (
    _beside(
        "review",
        "SELECT id, '' AS beside, capture_id, decision, person_id, at FROM reviews",
        "SELECT (data->>'review_id')::uuid AS id, '' AS beside, subject_id AS capture_id,"
        " data->>'decision' AS decision, actor_id AS person_id, at FROM journal_entries"
        " WHERE kind = 'capture.reviewed'",
        "id, capture_id, decision, person_id, at",
    ),
    _beside(
        "comment",
        "SELECT id, '' AS beside, capture_id, person_id, at FROM comments",
        "SELECT (data->>'comment_id')::uuid AS id, '' AS beside, subject_id AS capture_id, actor_id AS person_id, at"
        " FROM journal_entries WHERE kind = 'capture.commented'",
        "id, capture_id, person_id, at",
    ),
    _beside(
        "question",
        "SELECT id, 'asked' AS beside, capture_id, asked_by AS person_id, asked_at AS at FROM queries"
        " UNION ALL SELECT id, 'answered', capture_id, answered_by, answered_at FROM queries"
        " WHERE (answer, answered_by, answered_at) IS DISTINCT FROM (NULL, NULL, NULL)",
        "SELECT subject_id AS id, substr(kind, 7) AS beside, (data->>'capture_id')::uuid AS capture_id,"
        " actor_id AS person_id, at FROM journal_entries WHERE kind IN ('query.asked', 'query.answered')",
        "id, capture_id, person_id, at",
    ),
    # One row too many, and nothing is recorded when that person takes it up on that day.
    _beside(
        "capture taken up",
        "SELECT capture_id AS id, person_id || ' ' || at AS beside, org_id, day FROM capture_openings",
        "SELECT subject_id AS id, actor_id || ' ' || at AS beside, org_id,"
        " (at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM journal_entries WHERE kind = 'capture.opened'",
        "id, org_id, day",
    ),
    # Of two decisions within seconds the later to commit counts, whichever began first.
    Comparison(
        "decision on capture",
        "SELECT c.id FROM captures c LEFT JOIN LATERAL (SELECT max(at) AS last FROM journal_entries j"
        " WHERE j.subject_kind = 'capture' AND j.org_id = c.org_id AND j.subject_id = c.id"
        " AND j.kind = 'capture.reviewed') e ON true"
        " WHERE NOT CASE WHEN e.last IS NOT NULL THEN EXISTS (SELECT 1 FROM journal_entries j"
        "  WHERE j.subject_kind = 'capture' AND j.org_id = c.org_id AND j.subject_id = c.id"
        "  AND j.kind = 'capture.reviewed' AND j.at > e.last - interval '10 seconds'"
        "  AND j.data->>'decision' = c.decision)"
        " ELSE c.decision = CASE WHEN EXISTS (SELECT 1 FROM queries q WHERE q.capture_id = c.id"
        "  AND q.answered_at IS NULL) THEN 'QUERIED' ELSE 'PENDING' END END",
    ),
    Comparison(
        "void mark of capture",
        "SELECT c.id FROM captures c LEFT JOIN (SELECT subject_id, min(at) AS at FROM journal_entries"
        " WHERE kind = 'capture.discarded' GROUP BY 1) e ON e.subject_id = c.id"
        " WHERE c.discarded_at IS DISTINCT FROM e.at",
    ),
    _beside(
        "discard",
        "SELECT d.capture_id AS id, encode(s.statement_sha256, 'hex') AS beside, d.outcome, d.person_id,"
        " d.received_at AS at FROM discards d JOIN statements s ON s.id = d.id",
        "SELECT subject_id AS id, data->>'statement_sha256' AS beside, coalesce(data->>'outcome', 'VOID') AS outcome,"
        " actor_id AS person_id, at FROM journal_entries"
        " WHERE kind IN ('capture.discarded', 'capture.discard_without_effect')",
        "id, outcome, person_id, at",
    ),
    _beside(
        "capture",
        "SELECT id, '' AS beside, org_id, visit_id, session_id, seq, encode(statement_sha256, 'hex') AS sha,"
        " person_id, received_at AS at, coalesce(facts->'flags', '[]') AS flags FROM captures",
        "SELECT subject_id AS id, '' AS beside, org_id, (data->>'visit_id')::uuid AS visit_id,"
        " (data->>'session_id')::uuid AS session_id, (data->>'seq')::int AS seq, data->>'statement_sha256' AS sha,"
        " actor_id AS person_id, at, coalesce(data->'flags', '[]') AS flags FROM journal_entries"
        " WHERE kind = 'capture.recorded'",
        "id, org_id, visit_id, session_id, seq, sha, person_id, at, flags",
    ),
    Comparison(
        "capture of another chain",
        "SELECT c.id FROM captures c LEFT JOIN capture_sessions s ON s.id = c.session_id"
        " WHERE (c.person_id, c.device_id, c.visit_id) IS DISTINCT FROM (s.person_id, s.device_id, s.visit_id)",
    ),
    _beside(
        "original",
        "SELECT capture_id AS id, encode(sha256, 'hex') AS beside, received_at AS at FROM originals"
        " WHERE received_at IS NOT NULL",
        "SELECT subject_id AS id, data->>'sha256' AS beside, at FROM journal_entries"
        " WHERE kind = 'capture.original_received'",
        "id, at",
    ),
    Comparison(
        "count of originals",
        "SELECT c.id FROM captures c LEFT JOIN (SELECT capture_id, count(*) AS total, count(received_at) AS here"
        " FROM originals GROUP BY 1) o ON o.capture_id = c.id WHERE (c.originals_total, c.originals_received)"
        " <> (coalesce(o.total, 0), coalesce(o.here, 0))",
    ),
    _beside(
        "opening of chain",
        "SELECT id, '' AS beside, org_id, visit_id, device_id, kid, person_id, received_at AS at,"
        " encode(statement_sha256, 'hex') AS sha FROM capture_sessions",
        "SELECT subject_id AS id, '' AS beside, org_id, (data->>'visit_id')::uuid AS visit_id,"
        " (data->>'device_id')::uuid AS device_id, data->>'kid' AS kid, actor_id AS person_id, at,"
        " data->>'statement_sha256' AS sha FROM journal_entries WHERE kind = 'capture_session.opened'",
        "id, org_id, visit_id, device_id, kid, person_id, at, sha",
    ),
    Comparison(
        "end of chain",
        "SELECT s.id FROM capture_sessions s LEFT JOIN LATERAL (SELECT seq, statement_sha256 FROM statements e"
        " WHERE e.session_id = s.id ORDER BY seq DESC LIMIT 1) h ON true"
        " LEFT JOIN statements e ON e.session_id = s.id AND e.kind = 'seal/1'"
        " WHERE (s.head_seq, s.head_sha256) <> (coalesce(h.seq, 0), coalesce(h.statement_sha256, s.statement_sha256))"
        " OR s.sealed_at IS DISTINCT FROM e.received_at",
    ),
    _beside(
        "phone",
        "SELECT id, 'enrolled' AS beside, person_id AS who, enrolled_at AS at FROM devices"
        " UNION ALL SELECT id, 'confirmed', confirmed_by, confirmed_at FROM devices WHERE confirmed_at IS NOT NULL"
        " UNION ALL SELECT id, 'asked', revocation_asked_by, revocation_asked_at FROM devices"
        "  WHERE revocation_asked_at IS NOT NULL"
        " UNION ALL SELECT id, 'revoked', revoked_by, revoked_at FROM devices WHERE revoked_at IS NOT NULL",
        "SELECT subject_id AS id, substr(kind, 8) AS beside, actor_id AS who, at FROM journal_entries"
        " WHERE kind IN ('device.enrolled', 'device.confirmed', 'device.revoked')"
        # Asked for, and not turned down since.
        " UNION ALL SELECT * FROM (SELECT DISTINCT ON (subject_id) subject_id,"
        "  CASE kind WHEN 'device.revocation_asked' THEN 'asked' END AS beside, actor_id, at FROM journal_entries"
        "  WHERE kind IN ('device.revocation_asked', 'device.revocation_refused') ORDER BY subject_id, at DESC, id DESC"
        " ) a WHERE beside IS NOT NULL",
        "id, who, at",
    ),
    Comparison(
        "key of phone",
        "SELECT k.id FROM device_keys k LEFT JOIN devices d ON d.id = k.device_id"
        " WHERE (k.revoked_at, k.person_id) IS DISTINCT FROM (d.revoked_at, d.person_id)",
    ),
    _beside(
        "passkey",
        "SELECT id, 'made' AS beside, rtrim(translate(encode(spki, 'base64'), E'+/\\n', '-_'), '=') AS spki,"
        " rtrim(translate(encode(credential_id, 'base64'), E'+/\\n', '-_'), '=') AS credential, person_id,"
        " made_at AS at FROM passkeys UNION ALL SELECT id, 'removed', '', '', person_id, removed_at FROM passkeys"
        " WHERE removed_at IS NOT NULL",
        "SELECT subject_id AS id, substr(kind, 9) AS beside, coalesce(data->>'spki', '') AS spki,"
        " coalesce(data->>'credential_id', '') AS credential, actor_id AS person_id, at FROM journal_entries"
        " WHERE kind IN ('passkey.made', 'passkey.removed')",
        "id, spki, credential, person_id, at",
    ),
    _beside(
        "fork of chain",
        "SELECT id, '' AS beside, device_id, session_id, kind, seq, encode(stands_sha256, 'hex') AS stands, person_id,"
        " received_at AS at, encode(sha256(statement || signature), 'hex') AS env FROM chain_forks",
        "SELECT (data->>'fork_id')::uuid AS id, '' AS beside, subject_id AS device_id,"
        " (data->>'session_id')::uuid AS session_id, data->>'fork' AS kind, (data->>'seq')::int AS seq,"
        " data->>'stands_sha256' AS stands, actor_id AS person_id, at, data->>'env_sha256' AS env"
        " FROM journal_entries WHERE kind = 'device.chain_forked'",
        "id, device_id, session_id, kind, seq, stands, person_id, at, env",
    ),
    _beside(
        "alarm",
        "SELECT id, '' AS beside, org_id, kind, device_id, received_at AS at FROM log_alarms",
        "SELECT subject_id AS id, '' AS beside, org_id, data->>'alarm' AS kind,"
        " (data->>'device_id')::uuid AS device_id, at FROM journal_entries WHERE kind = 'log.alarm'",
        "id, org_id, kind, device_id, at",
    ),
)
