-- +goose Up
-- The reports and what hangs on them.

CREATE TABLE reports (
    id                uuid PRIMARY KEY,
    number            text NOT NULL UNIQUE,
    title             text NOT NULL,
    body              text NOT NULL,
    visibility        text NOT NULL CHECK (visibility IN ('PUBLIC', 'PRIVATE', 'ANONYMOUS')),
    status            text NOT NULL,
    priority          text NOT NULL,
    category_id       uuid NOT NULL REFERENCES categories (id),
    department_id     uuid NOT NULL REFERENCES departments (id),
    -- No place: all five are null. cell is the S2 leaf cell, so that a map box is a few index ranges on any engine.
    latitude          double precision,
    longitude         double precision,
    cell              bigint,
    address           text,
    district_id       uuid REFERENCES districts (id),
    -- Who wrote it: an identity account, or nobody. An anonymous report has the hash of its receipt instead.
    reporter_id       uuid,
    receipt_hash      bytea UNIQUE,
    answers           jsonb NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    resolved_at       timestamptz,
    closed_at         timestamptz,
    hidden            boolean NOT NULL DEFAULT false,
    upvotes           integer NOT NULL DEFAULT 0,
    assignee_id       uuid REFERENCES officers (id),
    response_due_at   timestamptz, -- both are null for imported history: nobody here promised anything
    resolution_due_at timestamptz,
    answered_at       timestamptz,
    clock_stopped_at  timestamptz,
    next_due_at       timestamptz, -- when it climbs next; null: it does not
    escalation_level  integer NOT NULL DEFAULT 0,
    escalated_to      uuid REFERENCES departments (id),
    CHECK (visibility <> 'ANONYMOUS' OR reporter_id IS NULL)
);

CREATE INDEX reports_public_newest ON reports (created_at DESC, id DESC) WHERE visibility = 'PUBLIC' AND NOT hidden;
CREATE INDEX reports_public_upvoted ON reports (upvotes DESC, id DESC) WHERE visibility = 'PUBLIC' AND NOT hidden;
CREATE INDEX reports_public_category ON reports (category_id, created_at DESC, id DESC) WHERE visibility = 'PUBLIC' AND NOT hidden;
CREATE INDEX reports_public_district ON reports (district_id, created_at DESC, id DESC) WHERE visibility = 'PUBLIC' AND NOT hidden;
CREATE INDEX reports_cell ON reports (cell) WHERE cell IS NOT NULL;
CREATE INDEX reports_of_reporter ON reports (reporter_id, created_at DESC, id DESC) WHERE reporter_id IS NOT NULL;
CREATE INDEX reports_of_department_newest ON reports (department_id, created_at DESC, id DESC);
CREATE INDEX reports_of_department_due ON reports (department_id, next_due_at, id);
CREATE INDEX reports_due ON reports (next_due_at, id) WHERE next_due_at IS NOT NULL;
CREATE INDEX reports_text ON reports USING gin (to_tsvector('simple', title || ' ' || body));

CREATE TABLE timeline (
    id            uuid PRIMARY KEY,
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    kind          text NOT NULL,
    at            timestamptz NOT NULL,
    status        text NOT NULL,
    department_id uuid REFERENCES departments (id),
    message       text NOT NULL DEFAULT '',
    level         integer
);
CREATE INDEX timeline_of_report ON timeline (report_id, at, id);

CREATE TABLE comments (
    id            uuid PRIMARY KEY,
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    body          text NOT NULL,
    author_kind   text NOT NULL CHECK (author_kind IN ('REPORTER', 'CITIZEN', 'DEPARTMENT', 'SYSTEM')),
    author_id     uuid, -- a citizen or an officer; null for an anonymous reporter
    department_id uuid REFERENCES departments (id),
    created_at    timestamptz NOT NULL
);
CREATE INDEX comments_of_report ON comments (report_id, created_at, id);

CREATE TABLE internal_notes (
    id         uuid PRIMARY KEY,
    report_id  uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    body       text NOT NULL,
    author_id  uuid NOT NULL REFERENCES officers (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX internal_notes_of_report ON internal_notes (report_id, created_at, id);

CREATE TABLE upvotes (
    report_id  uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    citizen_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (report_id, citizen_id)
);
CREATE INDEX upvotes_of_citizen ON upvotes (citizen_id, report_id);

-- Every act, in the transaction of the act. Nobody has the right to change or delete a line.
CREATE TABLE audit (
    id        uuid PRIMARY KEY,
    at        timestamptz NOT NULL,
    actor     text NOT NULL, -- officer:<uuid>, citizen:<uuid>, reporter (anonymous), system:<service>
    action    text NOT NULL,
    report_id uuid,
    detail    jsonb NOT NULL
);
CREATE INDEX audit_of_report ON audit (report_id, at);

-- What is to be told to the world, written with the act; the relay publishes it in order of id and deletes it.
CREATE TABLE outbox (
    id         bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    event      jsonb NOT NULL,
    created_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE outbox, audit, upvotes, internal_notes, comments, timeline, reports;
