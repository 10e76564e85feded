-- An admin's list of templates, of thousands of groups, comes in the order of an index.
CREATE INDEX templates_by_name ON templates (name, id) WHERE gone_at IS NULL;
