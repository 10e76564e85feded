-- The county is a node of a call like any other, so that nobody counts all its answers at each look; of a call to a group
-- it is the only one.
INSERT INTO call_node_answers (call_id, group_id, own, answer, person_id)
SELECT call_id, 0, 0, answer, person_id FROM call_answers WHERE TRUE ON CONFLICT DO NOTHING;
UPDATE call_nodes SET called = (SELECT c.enlisted FROM calls c WHERE c.id = call_nodes.call_id)
WHERE group_id = 0 AND own = 0;
