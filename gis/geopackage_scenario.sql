-- The tables that make a muster GeoPackage a scenario, added to those of geopackage.sql.
-- Meaning, units and codes of every column are in docs/schema.md.

CREATE TABLE profile (
    fid      INTEGER NOT NULL PRIMARY KEY,    -- in this order; one extends earlier ones
    name     TEXT    NOT NULL UNIQUE,
    document TEXT    NOT NULL                 -- a JSON object, as in a profile file
);

CREATE TABLE place (
    fid         INTEGER NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL UNIQUE,      -- national division code
    name        TEXT    NOT NULL,
    name_en     TEXT,
    level       TEXT    NOT NULL CHECK (level IN ('city', 'county', 'town', 'village')),
    parent_code TEXT    REFERENCES place (code),
    population  INTEGER CHECK (population >= 0),
    quality     TEXT,                         -- how well the position is known
    adcode      TEXT,                         -- GB/T 2260
    geom        POINT   NOT NULL
);

CREATE TABLE waterway (
    fid     INTEGER    NOT NULL PRIMARY KEY,
    name    TEXT,
    class   TEXT       NOT NULL CHECK (class IN ('river', 'canal', 'ditch')),
    width_m REAL       NOT NULL CHECK (width_m > 0),
    geom    LINESTRING NOT NULL
);

CREATE TABLE water_area (
    fid   INTEGER NOT NULL PRIMARY KEY,
    name  TEXT,
    class TEXT    NOT NULL CHECK (class IN ('lake', 'sea')),
    geom  POLYGON NOT NULL
);

CREATE TABLE kind (
    fid       INTEGER NOT NULL PRIMARY KEY,
    code      TEXT    NOT NULL UNIQUE,
    resource  TEXT    NOT NULL CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    category  TEXT    NOT NULL,               -- relief, flood_fighting, rescue, ...
    name      TEXT    NOT NULL,
    name_en   TEXT,
    unit      TEXT    NOT NULL,               -- people, vehicles, pieces, kg, ...
    mass_kg   REAL    CHECK (mass_kg >= 0),
    volume_m3 REAL    CHECK (volume_m3 >= 0),
    operator_kind  TEXT    REFERENCES kind (code),
    operator_count INTEGER NOT NULL DEFAULT 0 CHECK (operator_count >= 0),
    item_code      TEXT                       -- GB/T 38565
);

CREATE TABLE team (
    fid       INTEGER NOT NULL PRIMARY KEY,
    code      TEXT    NOT NULL UNIQUE,
    name      TEXT    NOT NULL,
    tier      TEXT    NOT NULL CHECK (tier IN ('city', 'county', 'town', 'village', 'social', 'expert')),
    place     TEXT    REFERENCES place (code),
    people    INTEGER NOT NULL CHECK (people > 0),
    available INTEGER NOT NULL DEFAULT 1 CHECK (available IN (0, 1)),
    turnout_s REAL    CHECK (turnout_s >= 0), -- NULL: the profile's
    profile   TEXT    NOT NULL,
    ready_s     REAL NOT NULL DEFAULT 0 CHECK (ready_s >= 0),
    shift_end_s REAL CHECK (shift_end_s > 0),
    duty_s      REAL NOT NULL DEFAULT 0 CHECK (duty_s >= 0),
    grade       INTEGER NOT NULL DEFAULT 0 CHECK (grade BETWEEN 0 AND 255),
    geom      POINT   NOT NULL
);
CREATE TABLE team_capability (
    id   INTEGER NOT NULL PRIMARY KEY,
    team TEXT    NOT NULL REFERENCES team (code),
    kind TEXT    NOT NULL REFERENCES kind (code),
    UNIQUE (team, kind)
);

CREATE TABLE vehicle (
    fid        INTEGER NOT NULL PRIMARY KEY,
    code       TEXT    NOT NULL UNIQUE,
    name       TEXT,
    kind       TEXT    NOT NULL REFERENCES kind (code),
    tier       TEXT    NOT NULL CHECK (tier IN ('city', 'county', 'town', 'village')),
    place      TEXT    REFERENCES place (code),
    payload_kg REAL    NOT NULL DEFAULT 0 CHECK (payload_kg >= 0),
    volume_m3  REAL    NOT NULL DEFAULT 0 CHECK (volume_m3 >= 0),
    seats      INTEGER NOT NULL DEFAULT 0 CHECK (seats >= 0),
    available  INTEGER NOT NULL DEFAULT 1 CHECK (available IN (0, 1)),
    turnout_s  REAL    CHECK (turnout_s >= 0), -- NULL: the profile's
    profile    TEXT    NOT NULL,
    ready_s     REAL NOT NULL DEFAULT 0 CHECK (ready_s >= 0),
    shift_end_s REAL CHECK (shift_end_s > 0),
    duty_s      REAL NOT NULL DEFAULT 0 CHECK (duty_s >= 0),
    geom       POINT   NOT NULL
);

CREATE TABLE machine (
    fid       INTEGER NOT NULL PRIMARY KEY,
    code      TEXT    NOT NULL UNIQUE,
    name      TEXT,
    kind      TEXT    NOT NULL REFERENCES kind (code),
    count     INTEGER NOT NULL CHECK (count >= 0),
    tier      TEXT    NOT NULL CHECK (tier IN ('city', 'county', 'town', 'village')),
    place     TEXT    REFERENCES place (code),
    turnout_s REAL    CHECK (turnout_s >= 0), -- NULL: the profile's
    profile   TEXT    NOT NULL,
    ready_s     REAL NOT NULL DEFAULT 0 CHECK (ready_s >= 0),
    shift_end_s REAL CHECK (shift_end_s > 0),
    duty_s      REAL NOT NULL DEFAULT 0 CHECK (duty_s >= 0),
    geom      POINT   NOT NULL
);

CREATE TABLE warehouse (
    fid       INTEGER NOT NULL PRIMARY KEY,
    code      TEXT    NOT NULL UNIQUE,
    name      TEXT    NOT NULL,
    tier      TEXT    NOT NULL CHECK (tier IN ('city', 'county', 'town', 'village')),
    place     TEXT    REFERENCES place (code),
    loading_s REAL    NOT NULL CHECK (loading_s >= 0),
    profile   TEXT    NOT NULL,
    ready_s     REAL NOT NULL DEFAULT 0 CHECK (ready_s >= 0),
    shift_end_s REAL CHECK (shift_end_s > 0),
    duty_s      REAL NOT NULL DEFAULT 0 CHECK (duty_s >= 0),
    geom      POINT   NOT NULL
);
CREATE TABLE stock (
    id        INTEGER NOT NULL PRIMARY KEY,
    warehouse TEXT    NOT NULL REFERENCES warehouse (code),
    kind      TEXT    NOT NULL REFERENCES kind (code),
    quantity  INTEGER NOT NULL CHECK (quantity >= 0),
    UNIQUE (warehouse, kind)
);

CREATE TABLE at_risk_site (
    fid        INTEGER NOT NULL PRIMARY KEY,
    code       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    place      TEXT    REFERENCES place (code),
    population INTEGER CHECK (population >= 0),
    geom       POINT   NOT NULL
);
CREATE TABLE kit (
    id       INTEGER NOT NULL PRIMARY KEY,
    site     TEXT    NOT NULL REFERENCES at_risk_site (code),
    kind     TEXT    NOT NULL REFERENCES kind (code),
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    UNIQUE (site, kind)
);

CREATE TABLE scenario (
    fid        INTEGER NOT NULL PRIMARY KEY,
    code       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    starts_at  TEXT    NOT NULL,              -- ISO 8601, UTC
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
);

CREATE TABLE incident (
    fid         INTEGER NOT NULL PRIMARY KEY,
    scenario    TEXT    NOT NULL REFERENCES scenario (code),
    code        TEXT    NOT NULL,
    name        TEXT,
    type        TEXT    NOT NULL,
    severity    TEXT    NOT NULL CHECK (severity IN ('minor', 'moderate', 'severe', 'extreme')),
    place       TEXT    REFERENCES place (code),
    reported_at TEXT    NOT NULL,             -- ISO 8601, UTC
    deadline_at TEXT,
    on_scene_s     REAL    NOT NULL DEFAULT 0 CHECK (on_scene_s >= 0),
    all_or_nothing INTEGER NOT NULL DEFAULT 0 CHECK (all_or_nothing IN (0, 1)),
    geom        POINT   NOT NULL,
    UNIQUE (scenario, code)
);
CREATE TABLE need (
    id       INTEGER NOT NULL PRIMARY KEY,
    scenario TEXT    NOT NULL,
    incident TEXT    NOT NULL,
    kind     TEXT    NOT NULL REFERENCES kind (code),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    minimum  INTEGER NOT NULL DEFAULT 0 CHECK (minimum >= 0 AND minimum <= quantity),
    grade    INTEGER NOT NULL DEFAULT 0 CHECK (grade BETWEEN 0 AND 255),
    UNIQUE (scenario, incident, kind),
    FOREIGN KEY (scenario, incident) REFERENCES incident (scenario, code)
);

CREATE TABLE zone (
    fid      INTEGER NOT NULL PRIMARY KEY,
    code     TEXT    NOT NULL UNIQUE,
    name     TEXT,
    kind     TEXT    NOT NULL REFERENCES kind (code),
    radius_s REAL    NOT NULL CHECK (radius_s >= 0),
    required INTEGER NOT NULL CHECK (required > 0),
    weight   INTEGER NOT NULL DEFAULT 1 CHECK (weight >= 0),
    geom     POINT   NOT NULL
);

CREATE TABLE rule (
    id       INTEGER NOT NULL PRIMARY KEY,
    scenario TEXT    NOT NULL REFERENCES scenario (code),
    type     TEXT    NOT NULL CHECK (type IN ('lock', 'forbid', 'hold', 'en_route')),
    resource TEXT    NOT NULL CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    code     TEXT    NOT NULL,                -- of a team, vehicle, machine or warehouse
    kind     TEXT    REFERENCES kind (code),
    incident TEXT,
    quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    vehicle  TEXT    REFERENCES vehicle (code), -- that has items on board
    FOREIGN KEY (scenario, incident) REFERENCES incident (scenario, code)
);

CREATE TABLE weight (
    id    INTEGER NOT NULL PRIMARY KEY,
    key   TEXT    NOT NULL UNIQUE,
    value INTEGER NOT NULL
);

CREATE TABLE hazard (
    fid          INTEGER  NOT NULL PRIMARY KEY,
    scenario     TEXT     NOT NULL REFERENCES scenario (code),
    code         TEXT,
    kind         TEXT     NOT NULL CHECK (kind IN ('flood', 'wind', 'plume', 'closure', 'alert')),
    source       TEXT,
    severity     TEXT     CHECK (severity IN ('minor', 'moderate', 'severe', 'extreme', 'unknown')),
    urgency      TEXT     CHECK (urgency IN ('immediate', 'expected', 'future', 'past', 'unknown')),
    certainty    TEXT     CHECK (certainty IN ('observed', 'likely', 'possible', 'unlikely', 'unknown')),
    depth_m      REAL     CHECK (depth_m >= 0),
    wind_force   INTEGER  CHECK (wind_force BETWEEN 0 AND 17),
    speed_factor REAL     CHECK (speed_factor BETWEEN 0 AND 1),
    starts_at    TEXT     NOT NULL,           -- ISO 8601, UTC
    ends_at      TEXT     NOT NULL,
    geom         GEOMETRY NOT NULL,           -- POLYGON or MULTIPOLYGON
    UNIQUE (scenario, code)
);

CREATE TABLE closure (
    fid       INTEGER NOT NULL PRIMARY KEY,
    scenario  TEXT    NOT NULL REFERENCES scenario (code),
    code      TEXT    NOT NULL,
    name      TEXT,
    edge      INTEGER REFERENCES edge (id),   -- NULL: those that geom says
    starts_at TEXT,                           -- ISO 8601, UTC
    ends_at   TEXT,
    geom      GEOMETRY,                       -- NULL: the edge alone
    UNIQUE (scenario, code),
    CHECK (edge IS NOT NULL OR geom IS NOT NULL)
);

-- Who writes plans, and what has been committed: gis/migrations/0002_dispatch.sql. Moments here may have a
-- fraction: 2026-07-01T06:30:00.123456Z.

CREATE TABLE dispatcher (
    fid      INTEGER NOT NULL PRIMARY KEY,
    code     TEXT    NOT NULL UNIQUE,
    owner    TEXT    NOT NULL,
    token    INTEGER NOT NULL CHECK (token > 0),
    holder   TEXT    NOT NULL,
    taken_at TEXT    NOT NULL
);

CREATE TABLE plan (
    id           INTEGER NOT NULL PRIMARY KEY,
    dispatcher   TEXT    NOT NULL REFERENCES dispatcher (code),
    scenario     TEXT    REFERENCES scenario (code),
    made_at      TEXT    NOT NULL,
    committed_at TEXT    NOT NULL,
    outcome      TEXT    CHECK (outcome IN ('optimal', 'feasible')),
    unmet_need    INTEGER, unmet_need_bound    INTEGER,
    response_time INTEGER, response_time_bound INTEGER,
    reserve       INTEGER, reserve_bound       INTEGER,
    escalation    INTEGER, escalation_bound    INTEGER,
    duty          INTEGER, duty_bound          INTEGER
);

CREATE TABLE assignment (
    id         INTEGER NOT NULL PRIMARY KEY,
    plan       INTEGER NOT NULL REFERENCES plan (id),
    position   INTEGER NOT NULL CHECK (position > 0),
    resource   TEXT    NOT NULL CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    code       TEXT    NOT NULL,
    kind       TEXT    REFERENCES kind (code),
    scenario   TEXT,
    incident   TEXT,
    need       TEXT    REFERENCES kind (code),
    quantity   INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
    vehicle    TEXT,
    depart_at  TEXT,
    eta_at     TEXT,
    distance_m REAL    CHECK (distance_m BETWEEN 0 AND 1e9),
    UNIQUE (plan, position),
    FOREIGN KEY (scenario, incident) REFERENCES incident (scenario, code),
    CHECK ((resource = 'item') = (kind IS NOT NULL)),
    CHECK (vehicle IS NULL OR resource = 'item'),
    CHECK ((scenario IS NULL) = (incident IS NULL))
);

CREATE TABLE claim (
    id          INTEGER NOT NULL PRIMARY KEY,
    assignment  INTEGER UNIQUE REFERENCES assignment (id),
    dispatcher  TEXT    NOT NULL REFERENCES dispatcher (code),
    resource    TEXT    NOT NULL CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    code        TEXT    NOT NULL,
    kind        TEXT    REFERENCES kind (code),
    quantity    INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
    since       TEXT    NOT NULL,
    released_at TEXT,
    incident    TEXT,
    need        TEXT,
    used        INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    CHECK ((resource = 'item') = (kind IS NOT NULL))
);
CREATE UNIQUE INDEX claim_whole_idx ON claim (resource, code)
    WHERE released_at IS NULL AND resource IN ('people', 'vehicle');

CREATE TABLE dispatch_order (
    id         INTEGER NOT NULL PRIMARY KEY,
    assignment INTEGER NOT NULL UNIQUE REFERENCES assignment (id),
    state      TEXT    NOT NULL
               CHECK (state IN ('issued', 'accepted', 'declined', 'en_route', 'on_scene', 'released')),
    issued_at  TEXT    NOT NULL,
    changed_at TEXT    NOT NULL
);

CREATE TABLE event (
    number    INTEGER NOT NULL PRIMARY KEY,
    at        TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    operation TEXT    NOT NULL CHECK (operation IN ('insert', 'update', 'delete', 'truncate')),
    scenario  TEXT,
    resource  TEXT    CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    code      TEXT,
    claim     INTEGER
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
    ('place', 'features', 'place', 'City, counties, towns and villages', 4326),
    ('waterway', 'features', 'waterway', 'Rivers, canals and ditches', 4326),
    ('water_area', 'features', 'water_area', 'Lakes and sea', 4326),
    ('kind', 'attributes', 'kind', 'What can be needed: capabilities, types and items', NULL),
    ('team', 'features', 'team', 'Rescue teams', 4326),
    ('team_capability', 'attributes', 'team_capability', 'What a team can do', NULL),
    ('vehicle', 'features', 'vehicle', 'Vehicles', 4326),
    ('machine', 'features', 'machine', 'Pools of identical machines', 4326),
    ('warehouse', 'features', 'warehouse', 'Warehouses', 4326),
    ('stock', 'attributes', 'stock', 'What the warehouses hold', NULL),
    ('at_risk_site', 'features', 'at_risk_site', 'Flood-prone towns and villages', 4326),
    ('kit', 'attributes', 'kit', 'What the at-risk sites hold for themselves', NULL),
    ('scenario', 'attributes', 'scenario', 'Sets of incidents', NULL),
    ('incident', 'features', 'incident', 'Incidents', 4326),
    ('need', 'attributes', 'need', 'What the incidents need', NULL),
    ('zone', 'features', 'zone', 'Cover to be kept', 4326),
    ('rule', 'attributes', 'rule', 'What has been decided about single resources', NULL),
    ('weight', 'attributes', 'weight', 'What things are worth', NULL),
    ('hazard', 'features', 'hazard', 'Floods, storms, plumes, closed areas and alerts', 4326),
    ('closure', 'features', 'closure', 'Closed roads', 4326),
    ('profile', 'attributes', 'profile', 'How units travel, beside the built-in profiles', NULL),
    ('dispatcher', 'attributes', 'dispatcher', 'Who writes plans', NULL),
    ('plan', 'attributes', 'plan', 'Plans that have been committed', NULL),
    ('assignment', 'attributes', 'assignment', 'Who goes where, by which plan', NULL),
    ('claim', 'attributes', 'claim', 'Whose a unit is', NULL),
    ('dispatch_order', 'attributes', 'dispatch_order', 'Assignments that have been issued', NULL),
    ('event', 'attributes', 'event', 'What has changed', NULL);
INSERT INTO gpkg_geometry_columns VALUES
    ('place', 'geom', 'POINT', 4326, 0, 0),
    ('waterway', 'geom', 'LINESTRING', 4326, 0, 0),
    ('water_area', 'geom', 'POLYGON', 4326, 0, 0),
    ('team', 'geom', 'POINT', 4326, 0, 0),
    ('vehicle', 'geom', 'POINT', 4326, 0, 0),
    ('machine', 'geom', 'POINT', 4326, 0, 0),
    ('warehouse', 'geom', 'POINT', 4326, 0, 0),
    ('at_risk_site', 'geom', 'POINT', 4326, 0, 0),
    ('incident', 'geom', 'POINT', 4326, 0, 0),
    ('zone', 'geom', 'POINT', 4326, 0, 0),
    ('hazard', 'geom', 'GEOMETRY', 4326, 0, 0),
    ('closure', 'geom', 'GEOMETRY', 4326, 0, 0);
