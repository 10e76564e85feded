-- Needs, and how they become projects: posted, published, claimed, undertaken, summed up.

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL,
    -- Until when it is needed, and how many people it takes.
    by_at INTEGER NOT NULL,
    people INTEGER NOT NULL CHECK (people > 0),
    -- NULL once whoever posted it was forgotten: the need stays without a name.
    giver_id INTEGER REFERENCES people (id),
    -- The group for which its leader posted it.
    group_id INTEGER REFERENCES groups (id),
    -- What was left over of another one: once each.
    left_of INTEGER UNIQUE REFERENCES projects (id),
    state TEXT NOT NULL DEFAULT 'posted' CHECK (
        state IN ('posted', 'published', 'claimed', 'underway', 'summarised', 'refused', 'merged', 'withdrawn')
    ),
    -- The number of its last row in project_steps, and since when this state is.
    step INTEGER NOT NULL DEFAULT 1,
    since INTEGER NOT NULL,
    merged_into INTEGER REFERENCES projects (id),
    -- Who has claimed it: a person, for a group where there is one; until when, unless something happens.
    holder_id INTEGER REFERENCES people (id),
    holder_group_id INTEGER REFERENCES groups (id),
    held_until INTEGER,
    -- 1: the county still has to confirm the claim, for the claimant's record is poor.
    waits INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)),
    -- The summary: what was done, for how many, what is left.
    done TEXT,
    helped INTEGER CHECK (helped >= 0),
    remaining TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    CHECK ((state IN ('claimed', 'underway', 'summarised')) = (holder_id IS NOT NULL)),
    CHECK ((holder_id IS NULL) = (held_until IS NULL)),
    CHECK (holder_group_id IS NULL OR holder_id IS NOT NULL),
    CHECK (waits = 0 OR state = 'claimed'),
    CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    -- Nothing is closed without its summary.
    CONSTRAINT projects_summed_up CHECK ((state = 'summarised') = (done IS NOT NULL AND helped IS NOT NULL))
) STRICT;
CREATE INDEX projects_by_state ON projects (state, by_at, id);
CREATE INDEX projects_of_giver ON projects (giver_id, id);
CREATE INDEX projects_of_holder ON projects (holder_id, id) WHERE holder_id IS NOT NULL;
CREATE INDEX projects_of_holder_group ON projects (holder_group_id, id) WHERE holder_group_id IS NOT NULL;
CREATE INDEX projects_merged ON projects (merged_into) WHERE merged_into IS NOT NULL;

-- Every state that a project was in: who brought it there, when and why. Each row follows the one before, so that the
-- database itself refuses a history in which a state was skipped.
CREATE TABLE project_steps (
    project_id INTEGER NOT NULL REFERENCES projects (id),
    number INTEGER NOT NULL CHECK (number > 0),
    follows INTEGER,
    was TEXT,
    state TEXT NOT NULL,
    deed TEXT NOT NULL,
    -- NULL: the bot of itself.
    by_id INTEGER REFERENCES people (id),
    reason TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    PRIMARY KEY (project_id, number),
    UNIQUE (project_id, number, state),
    FOREIGN KEY (project_id, follows, was) REFERENCES project_steps (project_id, number, state),
    CHECK ((number = 1) = (follows IS NULL) AND (number = 1) = (was IS NULL)),
    CHECK (follows = number - 1),
    CONSTRAINT project_steps_in_order CHECK (
        CASE WHEN was IS NULL THEN state = 'posted' ELSE was || ' ' || state IN (
            'posted published', 'posted refused', 'posted merged', 'posted withdrawn',
            'published claimed', 'published withdrawn', 'claimed underway', 'underway summarised',
            -- Back again: undone within a minute, or given back, lapsed, declined.
            'published posted', 'refused posted', 'merged posted', 'claimed published', 'underway published'
        ) END
    )
) STRICT;

-- Each time that a project was claimed, and how that ended: the claimant's record.
CREATE TABLE project_claims (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    group_id INTEGER REFERENCES groups (id),
    at INTEGER NOT NULL,
    ended_at INTEGER,
    how TEXT CHECK (how IN ('summarised', 'returned', 'lapsed', 'taken', 'declined', 'unanswered', 'undone')),
    -- 1: what was summed up had been done after the day for which it was needed.
    late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
    CHECK ((ended_at IS NULL) = (how IS NULL))
) STRICT;
-- One claimant at a time.
CREATE UNIQUE INDEX project_claims_live ON project_claims (project_id) WHERE ended_at IS NULL;
CREATE INDEX project_claims_of_group ON project_claims (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX project_claims_of_person ON project_claims (person_id);
CREATE INDEX project_claims_of_project ON project_claims (project_id, id);

-- The activities by which a project is undertaken.
CREATE TABLE project_activities (
    activity_id INTEGER NOT NULL PRIMARY KEY REFERENCES activities (id),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    claim_id INTEGER NOT NULL REFERENCES project_claims (id)
) STRICT;
CREATE INDEX project_activities_of_claim ON project_activities (claim_id, activity_id);

-- What those who had the need say of what was done: once a person, three answers from 0 (no) to 2 (yes).
CREATE TABLE project_feedback (
    project_id INTEGER NOT NULL REFERENCES projects (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    met INTEGER NOT NULL CHECK (met BETWEEN 0 AND 2),
    content INTEGER NOT NULL CHECK (content BETWEEN 0 AND 2),
    again INTEGER NOT NULL CHECK (again BETWEEN 0 AND 2),
    at INTEGER NOT NULL,
    PRIMARY KEY (project_id, person_id)
) STRICT;
CREATE INDEX project_feedback_of_person ON project_feedback (person_id);

-- A history is only added to.
-- [sqlite]
CREATE TRIGGER project_steps_stay BEFORE UPDATE ON project_steps
BEGIN SELECT RAISE(ABORT, 'project_steps rows are never changed'); END;
CREATE TRIGGER project_steps_remain BEFORE DELETE ON project_steps
BEGIN SELECT RAISE(ABORT, 'project_steps rows are never removed'); END;
CREATE TRIGGER project_steps_keep BEFORE INSERT ON project_steps
WHEN EXISTS (SELECT 1 FROM project_steps WHERE project_id = NEW.project_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'project_steps rows are never replaced'); END;
-- [postgresql]
CREATE TRIGGER project_steps_stay BEFORE UPDATE ON project_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_steps_remain BEFORE DELETE ON project_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_steps_keep BEFORE TRUNCATE ON project_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- [both]
