-- More rules of points: limits a day and a month, by kind and by grade; giving, rewarding, expiry, appeals. FEATURES row 78.

-- The most that activities give one person for a day, and for a month, of the county's calendar; 0 is no limit.
ALTER TABLE point_rules ADD COLUMN day_max INTEGER NOT NULL DEFAULT 0 CHECK (day_max BETWEEN 0 AND 1000000);
ALTER TABLE point_rules ADD COLUMN month_max INTEGER NOT NULL DEFAULT 0 CHECK (month_max BETWEEN 0 AND 1000000);
-- By the kind of activity, the tenths that it gives of what stands on its card: 15 is one and a half.
ALTER TABLE point_rules ADD COLUMN task_tenths INTEGER NOT NULL DEFAULT 10 CHECK (task_tenths BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN event_tenths INTEGER NOT NULL DEFAULT 10 CHECK (event_tenths BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN duty_tenths INTEGER NOT NULL DEFAULT 10 CHECK (duty_tenths BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN training_tenths INTEGER NOT NULL DEFAULT 10 CHECK (training_tenths BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN class_tenths INTEGER NOT NULL DEFAULT 10 CHECK (class_tenths BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN visit_tenths INTEGER NOT NULL DEFAULT 10 CHECK (visit_tenths BETWEEN 0 AND 100);
-- By how well somebody's presence is proved, the part of the points in percent: A his own check-in, B the roll, C written
-- afterwards. What was carried over from before (D) is no activity and gives no points.
ALTER TABLE point_rules ADD COLUMN grade_a_percent INTEGER NOT NULL DEFAULT 100 CHECK (grade_a_percent BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN grade_b_percent INTEGER NOT NULL DEFAULT 100 CHECK (grade_b_percent BETWEEN 0 AND 100);
ALTER TABLE point_rules ADD COLUMN grade_c_percent INTEGER NOT NULL DEFAULT 0 CHECK (grade_c_percent BETWEEN 0 AND 100);
-- The most that a person gives away at once and in a month, 0 where nobody may; and how long a gift can be taken back.
ALTER TABLE point_rules ADD COLUMN gift_once INTEGER NOT NULL DEFAULT 50 CHECK (gift_once BETWEEN 0 AND 1000000);
ALTER TABLE point_rules ADD COLUMN gift_month INTEGER NOT NULL DEFAULT 100 CHECK (gift_month BETWEEN 0 AND 1000000);
ALTER TABLE point_rules ADD COLUMN gift_hours INTEGER NOT NULL DEFAULT 24 CHECK (gift_hours BETWEEN 0 AND 720);
-- The most that a leader rewards one person with at once out of what the group was given.
ALTER TABLE point_rules ADD COLUMN budget_once INTEGER NOT NULL DEFAULT 50 CHECK (budget_once BETWEEN 0 AND 1000000);
-- Points expire with the end of so manyth year after the one in which they came; 0 is never.
ALTER TABLE point_rules ADD COLUMN expiry_years INTEGER NOT NULL DEFAULT 3 CHECK (expiry_years BETWEEN 0 AND 50);
-- Within so many days an appeal on an entry is answered.
ALTER TABLE point_rules ADD COLUMN appeal_days INTEGER NOT NULL DEFAULT 7 CHECK (appeal_days BETWEEN 1 AND 60);
