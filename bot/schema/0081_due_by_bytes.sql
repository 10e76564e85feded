-- Only whether names are the same matters here, not how a language sorts them: comparing bytes spares a server whose
-- language is another than C half of what finding the place of each planned row in its index takes.
-- [postgresql]
ALTER TABLE due ALTER COLUMN deed TYPE TEXT COLLATE "C", ALTER COLUMN subject TYPE TEXT COLLATE "C";
