-- Twenty thousand of everything in the ledger of one office. Read by many.py, which fills in the words with a colon.
-- Whole years of acts are not to be acted out: guards and triggers stand aside for this transaction.
SET LOCAL session_replication_role = replica;

INSERT INTO units (id, org_id, parent_id, name, kind)
  SELECT gen_random_uuid(), :org, NULL, '第' || n || '局', CASE n % 4 WHEN 0 THEN 'lower_government' ELSE 'department' END
  FROM generate_series(1, 60) n;
CREATE TEMP TABLE many_units ON COMMIT DROP AS
  SELECT id, row_number() OVER (ORDER BY name) - 1 AS place FROM units WHERE org_id = :org;

-- A quarter of the items is in progress, a third of those past their limit; two thirds are filed away.
INSERT INTO items (id, org_id, register_year, register_seq, title, source_kind, source_ref, category, state,
    urgency, immediate, handling_unit_id, follow_up_id, due_at, original_due_at, due_rule, received_at,
    registered_by, created_at, assigned_at, version, mode, responsible_person_id, late_reason, proposed_by,
    submitted_by, task, listed_at, suspended_at)
    SELECT gen_random_uuid(), :org, 2026, 100000 + n, '第' || n || '号督查事项', CASE n % 3 WHEN 0 THEN
    'LEADER_INSTRUCTION' ELSE 'OTHER' END, '云府阅〔2026〕' || n || '号', 'SPECIAL', CASE WHEN n % 100 < 25 THEN 'IN_PROGRESS' ELSE coalesce((ARRAY['SUSPENDED', 'ASSIGNED',
    'UNDER_APPROVAL', 'METHOD_CONFIRMED', 'ESTABLISHED', 'PROPOSED', 'REGISTERED', 'REPORTED', 'CLOSED'])[n % 100 - 24],
    'ARCHIVED') END, CASE n % 5 WHEN 0 THEN 'URGENT' ELSE 'ORDINARY' END,
    n % 97 = 0, u.id, :worker, now() + ((n % 900) - 300) * interval '1 hour', now() + ((n % 900) - 300) * interval
    '1 hour', 'DL-TR-7', now() - n * interval '20 minutes', :worker, now() - n * interval '20 minutes', now() - n *
    interval '15 minutes', 1, 'FORWARD', :worker, CASE n % 7 WHEN 0 THEN '周末收到' ELSE '' END, :worker, :worker, '整改',
    CASE n % 50 WHEN 0 THEN now() END, CASE n % 100 WHEN 25 THEN now() END
    FROM generate_series(1, :many) n
    JOIN many_units u ON u.place = n % (SELECT count(*)
    FROM many_units);

INSERT INTO item_steps (id, org_id, item_id, act, from_state, to_state, actor_id, at)
    SELECT gen_random_uuid(), :org, i.id, (ARRAY['register', 'propose', 'submit', 'assign'])[n], i.state, i.state,
    :worker, i.created_at + n * interval '1 hour'
    FROM items i, generate_series(1, 4) n
    WHERE i.org_id = :org
    AND i.register_seq > 100000;

INSERT INTO item_proposals (id, org_id, item_id, round, proposed_by, submitted_by, submitted_at, content)
    SELECT gen_random_uuid(), :org, id, 1, :worker, :worker, created_at, '{}'
    FROM items
    WHERE org_id = :org
    AND state = 'UNDER_APPROVAL';

INSERT INTO item_instructions (id, org_id, item_id, leader_name, leader_level, leader_person_id, instructed_on,
    wording, recorded_by, recorded_at)
    SELECT gen_random_uuid(), :org, id, '某某', 'COUNTY', CASE register_seq % 10 WHEN 0 THEN :leader END,
    created_at::date, '请办理', :worker, created_at
    FROM items
    WHERE org_id = :org
    AND source_kind = 'LEADER_INSTRUCTION'
    AND register_seq > 100000;

INSERT INTO item_extensions (id, org_id, item_id, state, reason, progress, wanted_n, wanted_unit, unit_id,
    requested_by, requested_at, late, stated_by, due_before, rule_before, words_before, words_en_before)
    SELECT gen_random_uuid(), :org, id, 'PENDING', '雨天', '过半', 3, 'DAYS', handling_unit_id, :worker, created_at,
    false, '', due_at, 'DL-TR-7', '', ''
    FROM items
    WHERE org_id = :org
    AND state = 'IN_PROGRESS'
    AND register_seq % 5 = 1;

-- Nearly all that was ever asked for is decided.
INSERT INTO item_extensions (id, org_id, item_id, state, reason, progress, wanted_n, wanted_unit, unit_id,
    requested_by, requested_at, late, stated_by, due_before, rule_before, words_before, words_en_before, decided_by,
    decided_at, opinion)
  SELECT gen_random_uuid(), :org, id, 'REFUSED', '雨天', '过半', 3, 'DAYS', handling_unit_id, :worker, created_at, false,
    '', due_at, 'DL-TR-7', '', '', :leader, now(), '按期办结'
  FROM items
  WHERE org_id = :org AND register_seq > 100000;

INSERT INTO item_suspensions (id, org_id, item_id, obstacle, review_on, suspended_by, suspended_at, due_before, measure, remaining_days)
    SELECT gen_random_uuid(), :org, id, '等待判决', current_date + 5, :worker, now(), due_at, 'DAYS', 9
  FROM items
    WHERE org_id = :org
    AND state = 'SUSPENDED';

INSERT INTO item_listings (id, org_id, item_id, listed, decided_by, decided_on, document, reason, recorded_by,
    recorded_at)
    SELECT gen_random_uuid(), :org, id, true, :leader, current_date, '云府督办〔2026〕1号', '逾期', :worker, now()
    FROM items
    WHERE org_id = :org
    AND listed_at IS NOT NULL;

INSERT INTO intake_matters (id, org_id, source_kind, from_whom, source_ref, subject, urgency, received_at,
    register_by, entered_by, entered_at, state, reason, settled_by, settled_at, late_reason)
    SELECT gen_random_uuid(), :org, 'PETITION', '县信访局', '云信呈〔2026〕' || n || '号', '群众来信第' || n || '件', 'ORDINARY',
    at, at + interval '1 day', :worker, at, CASE n % 2 WHEN 0 THEN 'WAITING' ELSE 'RETURNED' END, CASE n % 2 WHEN 0
    THEN '' ELSE '不属本县' END, CASE n % 2 WHEN 1 THEN :worker END, CASE n % 2 WHEN 1 THEN at + interval '2 days' END,
    CASE n % 2 WHEN 0 THEN '' ELSE '周末' END
    FROM (SELECT n, now() - n * interval '30 minutes' AS at
    FROM generate_series(1, :many) n) x;

INSERT INTO slips (id, org_id, item_id, series, state, year, seq, mode, channel, delivery, task, standard, due_at, drafted_by, drafted_at, issued_by, issued_at, content, writers)
    SELECT gen_random_uuid(), :org, id, 'TASK_NOTICE', CASE register_seq % 20 WHEN 12 THEN 'DRAFT' ELSE 'ISSUED'
    END, CASE WHEN register_seq % 20 <> 12 THEN 2026 END, CASE WHEN register_seq % 20 <> 12 THEN register_seq END,
    'FORWARD', 'WRITTEN', 'ONLINE', '整改', '到位', due_at, :worker, created_at, CASE WHEN register_seq % 20 <> 12 THEN
    :leader END, CASE WHEN register_seq % 20 <> 12 THEN created_at END, CASE WHEN register_seq % 20 <> 12 THEN '{}'::jsonb END, ARRAY[:worker]
    FROM items
    WHERE org_id = :org
    AND register_seq > 100000;

INSERT INTO slip_recipients (id, org_id, slip_id, unit_id, part, person_id, position, issued_at, state, signed_by,
    signed_at)
    SELECT gen_random_uuid(), :org, s.id, i.handling_unit_id, 'LEAD', :worker, 0, s.issued_at, CASE WHEN s.issued_at IS NULL THEN 'LISTED' WHEN i.register_seq % 4 = 0 THEN 'PENDING' ELSE 'RECEIVED' END, CASE WHEN s.issued_at IS NOT NULL AND i.register_seq % 4 <> 0 THEN :worker END, CASE WHEN s.issued_at IS NOT NULL AND i.register_seq % 4 <> 0 THEN now() END
    FROM slips s
    JOIN items i ON i.id = s.item_id
    WHERE s.org_id = :org;

INSERT INTO item_tasks (id, org_id, item_id, slip_id, unit_id, kind, person_id, state, due_at, created_at)
    SELECT gen_random_uuid(), :org, s.item_id, s.id, i.handling_unit_id, 'LEAD', :worker, 'ACCEPTED', s.due_at,
    s.issued_at
    FROM slips s
    JOIN items i ON i.id = s.item_id
    WHERE s.org_id = :org
    AND s.state = 'ISSUED';

INSERT INTO milestones (id, org_id, item_id, name, planned_on, planned_by, planned_at)
    SELECT gen_random_uuid(), :org, i.id, '节点' || n, current_date + (n * 7 - 14), :worker, now()
    FROM (SELECT id
    FROM items
    WHERE org_id = :org
    AND state = 'IN_PROGRESS' ORDER BY register_seq LIMIT :many / 5) i, generate_series(1, 5) n;

INSERT INTO milestone_progress (id, org_id, item_id, milestone_id, done_on, note, reported_by, reported_at)
    SELECT gen_random_uuid(), :org, item_id, id, planned_on, '', :worker, now()
    FROM milestones
    WHERE org_id = :org
    AND planned_on < current_date;

INSERT INTO meetings (id, org_id, kind, year, no, title, held_on, chair, attended_by, recorded_by, recorded_at)
    SELECT gen_random_uuid(), :org, 'SPECIAL', 2026, NULL, '专题会议' || n, current_date - n / 20, '某某', :leader,
    :worker, now()
    FROM generate_series(1, :many) n;

INSERT INTO meeting_decisions (id, org_id, meeting_id, no, text, requirement, recorded_by, recorded_at)
    SELECT gen_random_uuid(), :org, id, 1, '议定', '', :worker, now()
    FROM meetings
    WHERE org_id = :org;

UPDATE items SET decision_id = d.id
    FROM (SELECT id, row_number() OVER () AS n
    FROM meeting_decisions
    WHERE org_id = :org) d
    WHERE items.org_id = :org
    AND items.register_seq = 100000 + d.n
    AND d.n % 2 = 0;

INSERT INTO circulations (id, org_id, kind, class, title, reference, serial, received_at, state, opened_by,
    opened_at, returned_at)
    SELECT gen_random_uuid(), :org, 'DOCUMENT', 'NORMAL', '送阅件' || n, '', '', at, CASE WHEN n % 10 = 0 THEN
    'ON_DESK' WHEN n % 10 = 1 THEN 'PREPARED' ELSE 'RETURNED' END, :worker, at, CASE WHEN n % 10 > 1 THEN at +
    interval '3 hours' END
    FROM (SELECT n, now() - n * interval '20 minutes' AS at
    FROM generate_series(1, :many) n) x;

INSERT INTO circulation_desks (id, org_id, circulation_id, position, hop, leader_id, way, delivered_at, delivered_by, due_at,
    due_rule, due_words, due_words_en, due_pack, left_at, outcome, entered_by)
    SELECT gen_random_uuid(), :org, id, 1, 0, :leader, 'DESK', at, CASE WHEN at IS NOT NULL THEN :worker END,
    at + interval '3 days', CASE WHEN at IS NOT NULL THEN 'CIR-3' END, CASE WHEN at IS NOT NULL THEN '3 天' END,
    CASE WHEN at IS NOT NULL THEN '3 days' END, CASE WHEN at IS NOT NULL THEN 'p@1' END, returned_at,
    CASE WHEN returned_at IS NOT NULL THEN 'READ' END, CASE WHEN returned_at IS NOT NULL THEN :worker END
    FROM (SELECT *, CASE WHEN state <> 'PREPARED' THEN opened_at END AS at FROM circulations WHERE org_id = :org) c;

INSERT INTO programmes (id, org_id, kind, title, from_on, to_on, created_by, created_at)
    SELECT gen_random_uuid(), :org, CASE n WHEN 0 THEN 'YEAR' ELSE 'STAGE' END, '计划' || n, date_trunc('year',
    current_date)::date - n, date_trunc('year', current_date)::date - n + 364, :worker, now()
    FROM generate_series(0, :many / 500 - 1) n;

INSERT INTO programme_versions (id, org_id, programme_id, no, state, most_visits, authors, drafted_by, drafted_at,
    submitted_at, approved_by, approved_at)
    SELECT gen_random_uuid(), :org, id, 1, 'APPROVED', 3, ARRAY[:worker], :worker, now(), now(), :leader, now()
    FROM programmes
    WHERE org_id = :org;

INSERT INTO programme_entries (id, org_id, version_id, key, no, subject, unit_id, from_on, to_on, visits,
    responsible_id, basis)
    SELECT gen_random_uuid(), :org, v.id, gen_random_uuid(), n, '任务' || n, u.id, p.from_on, p.to_on, 2, :worker,
    '年度安排'
    FROM programme_versions v
    JOIN programmes p ON p.id = v.programme_id, generate_series(1, 500) n
    JOIN many_units u ON u.place = n % (SELECT count(*)
    FROM many_units)
    WHERE v.org_id = :org;

INSERT INTO programme_links (id, org_id, programme_id, entry_key, item_id, linked_by, linked_at)
    SELECT gen_random_uuid(), :org, p.id, (SELECT e.key
    FROM programme_entries e
    JOIN programme_versions v ON v.id = e.version_id
    WHERE v.programme_id = p.id ORDER BY e.no LIMIT 1), i.id, :worker, now()
    FROM items i, programmes p
    WHERE p.org_id = :org
    AND p.kind = 'YEAR'
    AND i.org_id = :org
    AND i.register_seq % 2 = 0;
