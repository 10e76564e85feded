-- Why an admin found a certificate wrong: its owner reads it, and whoever looks at it again when he appeals.
ALTER TABLE hours_certificates ADD COLUMN words TEXT;
-- When its owner said that it was right; once is enough.
ALTER TABLE hours_certificates ADD COLUMN appealed_at INTEGER;
