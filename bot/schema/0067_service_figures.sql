-- How it goes with each kind of help is counted over all requests: from an index that holds what is counted, not from their texts.

CREATE INDEX service_requests_figures ON service_requests (block, state, made_at, replied_at, content);
