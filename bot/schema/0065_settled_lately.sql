-- What was confirmed lately: a county that has confirmed activities for years looks at those of a month.
CREATE INDEX activities_settled_lately ON activities (settled_at) WHERE state = 'confirmed';
