-- Search takes no notice of case in any script: SQLite had kept the pieces of É, Ä or Ж as they were written, while
-- PostgreSQL wrote small letters by itself.
-- [sqlite]
INSERT OR IGNORE INTO pieces (kind, piece, subject)
SELECT kind, folded(piece), subject FROM pieces WHERE folded(piece) <> piece;
DELETE FROM pieces WHERE folded(piece) <> piece;
-- [postgresql]
DELETE FROM pieces WHERE lower(piece) <> piece;
