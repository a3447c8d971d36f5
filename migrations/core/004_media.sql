-- +goose Up
-- Pictures and films. What they show lies sealed in the store of blobs under names that only these rows tell.

CREATE TABLE media (
    id           uuid PRIMARY KEY,
    report_id    uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    purpose      text NOT NULL CHECK (purpose IN ('REPORT', 'RESOLUTION', 'ATTACHMENT')),
    position     integer NOT NULL CHECK (position >= 0),
    kind         text NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO')),
    content_type text NOT NULL,
    width        integer NOT NULL,
    height       integer NOT NULL,
    byte_size    bigint NOT NULL,
    blob         text NOT NULL UNIQUE,
    thumbnail    text UNIQUE, -- null: none, for films
    facts        jsonb,       -- what the file said of itself; for proofs of resolution alone
    UNIQUE (report_id, purpose, position),
    CHECK (facts IS NULL OR purpose = 'RESOLUTION')
);

-- What a file said of itself is nobody's to read but the server's.
GRANT SELECT (id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail) ON media TO jagawarga_public;
GRANT SELECT ON media TO jagawarga_server;
-- Ingest writes what comes with a report, and asks which blobs still have a row.
GRANT INSERT ON media TO jagawarga_ingest;
GRANT SELECT (blob, thumbnail) ON media TO jagawarga_ingest;

ALTER TABLE media ENABLE ROW LEVEL SECURITY;
ALTER TABLE media FORCE ROW LEVEL SECURITY;

-- Whoever sees the report sees its pictures: the inner query is under the policies of reports.
CREATE POLICY media_read ON media FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = media.report_id));
CREATE POLICY media_take_in ON media FOR INSERT TO jagawarga_ingest WITH CHECK (true);
CREATE POLICY media_in_use ON media FOR SELECT TO jagawarga_ingest USING (true);

-- +goose Down
DROP TABLE media;
