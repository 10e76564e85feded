-- What is asked of one child, guardian, role, record or duty is looked up, too, and not searched for among all.

DROP INDEX guardianships_of_child;
DROP INDEX guardianships_of_guardian;
DROP INDEX guardianships_of_picked_up;
CREATE INDEX guardianships_of_child ON guardianships (person_id);
CREATE INDEX guardianships_of_guardian ON guardianships (guardian_id, person_id);
CREATE INDEX participations_of_role ON participations (role_id) WHERE role_id IS NOT NULL;
CREATE INDEX hours_disputes_of_record ON hours_disputes (record_id, id);
CREATE INDEX hours_disputes_of_person ON hours_disputes (person_id);
CREATE INDEX hours_notices_of_person ON hours_notices (person_id);
CREATE INDEX rota_duties_from ON rota_duties (from_id) WHERE from_id IS NOT NULL;
CREATE INDEX chats_by_number ON chats (chat_id);
