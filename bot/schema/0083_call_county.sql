-- The county is a node of a call like any other, so that nobody counts all its answers at each look; of a call to a group
-- it is the only one.
INSERT INTO call_nodes (call_id, group_id, own, under_id, called)
SELECT id, 0, 0, 0, enlisted FROM calls WHERE audience = 'county' AND sent_at IS NOT NULL;
INSERT INTO call_node_answers (call_id, group_id, own, answer, person_id)
SELECT call_id, 0, 0, answer, person_id FROM call_answers WHERE TRUE ON CONFLICT DO NOTHING;
