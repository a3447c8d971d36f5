-- +goose Up
-- What changes seldom: the city itself. Services hold these tables in memory and never join them.

CREATE TABLE settings (
    key   text PRIMARY KEY,
    value jsonb NOT NULL
);

CREATE TABLE departments (
    id        uuid PRIMARY KEY,
    code      text NOT NULL UNIQUE,
    name_id   text NOT NULL,
    name_en   text NOT NULL,
    parent_id uuid REFERENCES departments (id),
    level     integer NOT NULL CHECK (level >= 0)
);

CREATE TABLE categories (
    id               uuid PRIMARY KEY,
    code             text NOT NULL UNIQUE,
    name_id          text NOT NULL,
    name_en          text NOT NULL,
    parent_id        uuid REFERENCES categories (id),
    department_id    uuid NOT NULL REFERENCES departments (id),
    response_hours   integer NOT NULL CHECK (response_hours > 0),
    resolution_hours integer NOT NULL CHECK (resolution_hours > 0),
    questions        jsonb NOT NULL,
    keywords         jsonb NOT NULL,
    proof_required   boolean NOT NULL,
    public_on_map    boolean NOT NULL,
    sensitive        boolean NOT NULL
);

CREATE TABLE districts (
    id        uuid PRIMARY KEY,
    name      text NOT NULL UNIQUE,
    latitude  double precision NOT NULL,
    longitude double precision NOT NULL,
    outline   jsonb NOT NULL
);

CREATE TABLE holidays (
    day  date PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE officers (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    department_id uuid NOT NULL REFERENCES departments (id),
    role          text NOT NULL CHECK (role IN ('OFFICER', 'DEPARTMENT_HEAD', 'HEAD_AUTHORITY', 'ADMIN'))
);

-- +goose Down
DROP TABLE officers, holidays, districts, categories, departments, settings;
