-- +goose Up
-- The office that keeps the city, and the reporter who adds pictures.

-- What is retired keeps the reports that point to it, and gets no new ones.
ALTER TABLE departments ADD COLUMN retired_at timestamptz;
ALTER TABLE categories ADD COLUMN retired_at timestamptz;
ALTER TABLE officers ADD COLUMN retired_at timestamptz;

-- Whoever holds the lock on its row changes the city: of two who move departments at the same moment the second sees what the first did.
CREATE TABLE office_turn (
    one boolean PRIMARY KEY CHECK (one)
);
INSERT INTO office_turn (one) VALUES (true);

GRANT SELECT, UPDATE ON office_turn TO jagawarga_server;
GRANT INSERT, UPDATE ON departments, categories, officers TO jagawarga_server;
GRANT DELETE ON holidays TO jagawarga_server;

-- Every service reads the city. The server changes it where it says that an administrator asks (app.admin); the owner, for the command line,
-- where it likes.
ALTER TABLE departments ENABLE ROW LEVEL SECURITY;
ALTER TABLE categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE officers ENABLE ROW LEVEL SECURITY;
ALTER TABLE holidays ENABLE ROW LEVEL SECURITY;
CREATE POLICY departments_read ON departments FOR SELECT USING (true);
CREATE POLICY categories_read ON categories FOR SELECT USING (true);
CREATE POLICY officers_read ON officers FOR SELECT USING (true);
CREATE POLICY holidays_read ON holidays FOR SELECT USING (true);
CREATE POLICY departments_keep ON departments TO jagawarga_server
    USING ((SELECT current_setting('app.admin', true) = 'yes')) WITH CHECK ((SELECT current_setting('app.admin', true) = 'yes'));
CREATE POLICY categories_keep ON categories TO jagawarga_server
    USING ((SELECT current_setting('app.admin', true) = 'yes')) WITH CHECK ((SELECT current_setting('app.admin', true) = 'yes'));
CREATE POLICY officers_keep ON officers TO jagawarga_server
    USING ((SELECT current_setting('app.admin', true) = 'yes')) WITH CHECK ((SELECT current_setting('app.admin', true) = 'yes'));
CREATE POLICY holidays_keep ON holidays TO jagawarga_server
    USING ((SELECT current_setting('app.admin', true) = 'yes')) WITH CHECK ((SELECT current_setting('app.admin', true) = 'yes'));

-- A reporter adds pictures to the own report as long as nobody has begun.
CREATE POLICY media_add ON media FOR INSERT TO jagawarga_server
    WITH CHECK (purpose = 'REPORT' AND EXISTS (SELECT 1 FROM reports WHERE reports.id = media.report_id AND reports.status = 'RECEIVED'
        AND reports.reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)));

-- Settings that administrators change.
GRANT INSERT, UPDATE ON settings TO jagawarga_server;
ALTER TABLE settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY settings_read ON settings FOR SELECT USING (true);
CREATE POLICY settings_keep ON settings TO jagawarga_server
    USING (key = 'retention' AND (SELECT current_setting('app.admin', true) = 'yes'))
    WITH CHECK (key = 'retention' AND (SELECT current_setting('app.admin', true) = 'yes'));

-- Citizens whose account goes: what is still to be done in either database. The row goes with the last of it.
CREATE TABLE departures (
    citizen_id      uuid PRIMARY KEY,
    asked_at        timestamptz NOT NULL,
    account_gone_at timestamptz -- since when the identity service has nothing of them
);
GRANT SELECT, INSERT, UPDATE (account_gone_at) ON departures TO jagawarga_server;
GRANT SELECT, DELETE ON departures TO jagawarga_ingest;

-- What was personal of a report's writer was erased, some time after it was over.
ALTER TABLE reports ADD COLUMN erased_at timestamptz;
CREATE INDEX reports_to_erase ON reports (closed_at, id) WHERE erased_at IS NULL AND closed_at IS NOT NULL;
CREATE INDEX comments_of_author ON comments (author_id) WHERE author_id IS NOT NULL;

-- Ingest erases: whatever names a citizen who goes, and what is personal in reports that are over. It reads none of the words.
GRANT UPDATE (reporter_id, receipt_hash, origin_receipt, title, body, salt, answers, latitude, longitude, cell, address, erased_at) ON reports TO jagawarga_ingest;
GRANT SELECT (report_id, author_kind, author_id), DELETE, UPDATE (author_id) ON comments TO jagawarga_ingest;
GRANT SELECT (citizen_id), UPDATE (citizen_id) ON upvotes TO jagawarga_ingest;
GRANT SELECT (citizen_id), DELETE ON followers TO jagawarga_ingest;
GRANT SELECT (report_id), UPDATE (message) ON timeline TO jagawarga_ingest;
GRANT SELECT (report_id), UPDATE (comment) ON ratings TO jagawarga_ingest;
GRANT SELECT (report_id, created_at), DELETE ON internal_notes TO jagawarga_ingest;
GRANT SELECT (report_id), UPDATE (latitude, longitude, address) ON tasks TO jagawarga_ingest;
GRANT SELECT (report_id, purpose), DELETE ON media TO jagawarga_ingest;
GRANT SELECT (report_id, into_id) ON merges TO jagawarga_ingest;

CREATE POLICY reports_erase ON reports FOR UPDATE TO jagawarga_ingest
    USING (closed_at IS NOT NULL AND erased_at IS NULL OR EXISTS (SELECT 1 FROM departures WHERE departures.citizen_id = reports.reporter_id))
    WITH CHECK (true);
-- A row that is changed must be seen before and afterwards.
CREATE POLICY comments_erased ON comments FOR SELECT TO jagawarga_ingest
    USING (author_id IS NULL OR EXISTS (SELECT 1 FROM departures WHERE departures.citizen_id = comments.author_id)
        OR EXISTS (SELECT 1 FROM reports WHERE reports.id = comments.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY upvotes_erased ON upvotes FOR SELECT TO jagawarga_ingest USING (true);
CREATE POLICY comments_erase ON comments TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM departures WHERE departures.citizen_id = comments.author_id)
        OR EXISTS (SELECT 1 FROM reports WHERE reports.id = comments.report_id AND reports.closed_at IS NOT NULL))
    WITH CHECK (author_id IS NULL);
CREATE POLICY upvotes_erase ON upvotes TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM departures WHERE departures.citizen_id = upvotes.citizen_id)) WITH CHECK (true);
CREATE POLICY followers_erase ON followers TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM departures WHERE departures.citizen_id = followers.citizen_id));
CREATE POLICY timeline_erase ON timeline FOR UPDATE TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = timeline.report_id AND reports.closed_at IS NOT NULL)) WITH CHECK (message = '');
CREATE POLICY timeline_erased ON timeline FOR SELECT TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = timeline.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY ratings_erase ON ratings FOR UPDATE TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = ratings.report_id AND reports.closed_at IS NOT NULL)) WITH CHECK (comment = '');
CREATE POLICY ratings_erased ON ratings FOR SELECT TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = ratings.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY notes_erase ON internal_notes FOR DELETE TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = internal_notes.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY notes_erased ON internal_notes FOR SELECT TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = internal_notes.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY tasks_erase ON tasks TO jagawarga_ingest
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = tasks.report_id AND reports.closed_at IS NOT NULL)) WITH CHECK (true);
CREATE POLICY media_erase ON media FOR DELETE TO jagawarga_ingest
    USING (purpose = 'REPORT' AND EXISTS (SELECT 1 FROM reports WHERE reports.id = media.report_id AND reports.closed_at IS NOT NULL));
CREATE POLICY merges_erase ON merges FOR SELECT TO jagawarga_ingest USING (true);

-- Citizens read what they said, also where they see the report no more: it is part of their own data.
CREATE POLICY comments_own ON comments FOR SELECT TO jagawarga_server
    USING (author_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid));

-- +goose Down
DROP POLICY comments_own ON comments;
DROP POLICY merges_erase ON merges;
DROP POLICY media_erase ON media;
DROP POLICY tasks_erase ON tasks;
DROP POLICY notes_erased ON internal_notes;
DROP POLICY notes_erase ON internal_notes;
DROP POLICY ratings_erased ON ratings;
DROP POLICY ratings_erase ON ratings;
DROP POLICY timeline_erased ON timeline;
DROP POLICY timeline_erase ON timeline;
DROP POLICY followers_erase ON followers;
DROP POLICY upvotes_erase ON upvotes;
DROP POLICY comments_erase ON comments;
DROP POLICY upvotes_erased ON upvotes;
DROP POLICY comments_erased ON comments;
DROP POLICY reports_erase ON reports;
DROP POLICY settings_keep ON settings;
DROP POLICY settings_read ON settings;
ALTER TABLE settings DISABLE ROW LEVEL SECURITY;
REVOKE INSERT, UPDATE ON settings FROM jagawarga_server;
REVOKE UPDATE (reporter_id, receipt_hash, origin_receipt, title, body, salt, answers, latitude, longitude, cell, address) ON reports FROM jagawarga_ingest;
REVOKE SELECT (report_id, author_kind, author_id), DELETE, UPDATE (author_id) ON comments FROM jagawarga_ingest;
REVOKE SELECT (citizen_id), UPDATE (citizen_id) ON upvotes FROM jagawarga_ingest;
REVOKE SELECT (citizen_id), DELETE ON followers FROM jagawarga_ingest;
REVOKE SELECT (report_id), UPDATE (message) ON timeline FROM jagawarga_ingest;
REVOKE SELECT (report_id), UPDATE (comment) ON ratings FROM jagawarga_ingest;
REVOKE SELECT (report_id, created_at), DELETE ON internal_notes FROM jagawarga_ingest;
REVOKE SELECT (report_id), UPDATE (latitude, longitude, address) ON tasks FROM jagawarga_ingest;
REVOKE SELECT (report_id, purpose), DELETE ON media FROM jagawarga_ingest;
REVOKE SELECT (report_id, into_id) ON merges FROM jagawarga_ingest;
DROP TABLE departures;
DROP INDEX comments_of_author;
ALTER TABLE reports DROP COLUMN erased_at;
DROP POLICY media_add ON media;
DROP POLICY holidays_keep ON holidays;
DROP POLICY officers_keep ON officers;
DROP POLICY categories_keep ON categories;
DROP POLICY departments_keep ON departments;
DROP POLICY holidays_read ON holidays;
DROP POLICY officers_read ON officers;
DROP POLICY categories_read ON categories;
DROP POLICY departments_read ON departments;
ALTER TABLE holidays DISABLE ROW LEVEL SECURITY;
ALTER TABLE officers DISABLE ROW LEVEL SECURITY;
ALTER TABLE categories DISABLE ROW LEVEL SECURITY;
ALTER TABLE departments DISABLE ROW LEVEL SECURITY;
REVOKE DELETE ON holidays FROM jagawarga_server;
REVOKE INSERT, UPDATE ON departments, categories, officers FROM jagawarga_server;
DROP TABLE office_turn;
ALTER TABLE officers DROP COLUMN retired_at;
ALTER TABLE categories DROP COLUMN retired_at;
ALTER TABLE departments DROP COLUMN retired_at;
