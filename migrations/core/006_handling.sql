-- +goose Up
-- What a department does with its reports all day: the rest of the clock, refusals, followers, ratings, and answers prepared beforehand.

ALTER TABLE reports
    ADD COLUMN clock_stood            bigint NOT NULL DEFAULT 0, -- working microseconds for which the clock stood; given back to the due times
    ADD COLUMN reopened               integer NOT NULL DEFAULT 0, -- how often its reporter sent it back to work
    ADD COLUMN escalated_since        timestamptz, -- since when the department it climbed to has had time to answer
    ADD COLUMN escalation_answered_at timestamptz, -- when that department acted; the climb is over for the promise that was due then
    ADD COLUMN warn_at                timestamptz, -- when the department is told that time is short; null: no more
    ADD COLUMN warned_due_at          timestamptz, -- the due time that it was told of
    ADD COLUMN closes_at              timestamptz; -- when a resolved report closes if its reporter says nothing

CREATE INDEX reports_warn ON reports (warn_at, id) WHERE warn_at IS NOT NULL;
CREATE INDEX reports_closing ON reports (closes_at, id) WHERE closes_at IS NOT NULL;
CREATE INDEX reports_of_assignee ON reports (assignee_id, id) WHERE assignee_id IS NOT NULL;

-- Departments that said of a report that it is not their work.
CREATE TABLE refusals (
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    department_id uuid NOT NULL REFERENCES departments (id),
    at            timestamptz NOT NULL,
    PRIMARY KEY (report_id, department_id)
);

CREATE TABLE followers (
    report_id  uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    citizen_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (report_id, citizen_id)
);
CREATE INDEX followers_of_citizen ON followers (citizen_id, report_id);

CREATE TABLE ratings (
    report_id uuid PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    score     integer NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment   text NOT NULL,
    rated_at  timestamptz NOT NULL
);

CREATE TABLE response_templates (
    id            uuid PRIMARY KEY,
    department_id uuid NOT NULL REFERENCES departments (id),
    title         text NOT NULL,
    body          text NOT NULL,
    status        text, -- null: for any
    category_id   uuid REFERENCES categories (id), -- null: for any
    updated_at    timestamptz NOT NULL
);
CREATE INDEX response_templates_of_department ON response_templates (department_id, title, id);

GRANT UPDATE (title, body, latitude, longitude, cell, address, district_id, category_id, priority, hidden, clock_stood, reopened,
    escalated_since, escalation_answered_at, warn_at, warned_due_at, closes_at) ON reports TO jagawarga_server;
GRANT SELECT, INSERT ON refusals TO jagawarga_server;
GRANT SELECT, INSERT, DELETE ON followers TO jagawarga_server;
GRANT SELECT, INSERT, UPDATE ON ratings, response_templates TO jagawarga_server;
GRANT SELECT ON ratings TO jagawarga_public;
GRANT INSERT, UPDATE ON holidays TO jagawarga_server;
-- What an officer noted at the counter arrives with the report.
GRANT INSERT ON internal_notes TO jagawarga_ingest;
-- The clockwork warns and closes besides escalating.
GRANT UPDATE (closed_at, escalated_since, escalation_answered_at, warn_at, warned_due_at, closes_at) ON reports TO jagawarga_escalator;

ALTER TABLE refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE refusals FORCE ROW LEVEL SECURITY;
ALTER TABLE followers ENABLE ROW LEVEL SECURITY;
ALTER TABLE followers FORCE ROW LEVEL SECURITY;
ALTER TABLE ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ratings FORCE ROW LEVEL SECURITY;
ALTER TABLE response_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE response_templates FORCE ROW LEVEL SECURITY;

CREATE POLICY notes_counter ON internal_notes FOR INSERT TO jagawarga_ingest WITH CHECK (true);

-- Who refused is the department's to know, like its notes.
CREATE POLICY refusals_department ON refusals TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = refusals.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])))
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = refusals.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- What somebody follows is theirs alone to know, and they follow what they may see.
CREATE POLICY followers_own ON followers TO jagawarga_server
    USING (citizen_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid))
    WITH CHECK (citizen_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)
        AND EXISTS (SELECT 1 FROM reports WHERE reports.id = followers.report_id));

-- A rating is seen with its report, and given by who wrote the report.
CREATE POLICY ratings_read ON ratings FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = ratings.report_id));
CREATE POLICY ratings_give ON ratings FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = ratings.report_id
        AND reports.reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)));
CREATE POLICY ratings_change ON ratings FOR UPDATE TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = ratings.report_id
        AND reports.reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)));

CREATE POLICY response_templates_department ON response_templates TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]))
    WITH CHECK (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));

-- +goose Down
DROP POLICY notes_counter ON internal_notes;
REVOKE INSERT ON internal_notes FROM jagawarga_ingest;
REVOKE INSERT, UPDATE ON holidays FROM jagawarga_server;
REVOKE UPDATE (title, body, latitude, longitude, cell, address, district_id, category_id, priority, hidden) ON reports FROM jagawarga_server;
REVOKE UPDATE (closed_at) ON reports FROM jagawarga_escalator;
DROP TABLE response_templates, ratings, followers, refusals;
ALTER TABLE reports
    DROP COLUMN clock_stood, DROP COLUMN reopened, DROP COLUMN escalated_since, DROP COLUMN escalation_answered_at,
    DROP COLUMN warn_at, DROP COLUMN warned_due_at, DROP COLUMN closes_at;
DROP INDEX reports_of_assignee;
