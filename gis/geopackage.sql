-- The tables of a muster GeoPackage, version 2. This file is the one truth: the library
-- runs it when it writes a file, and the generator of data/jiaxing runs it too. Meaning,
-- units and codes of every column are in docs/schema.md; the same tables in PostGIS are in
-- schema.sql.
--
-- A network file has muster_meta, node, edge, turn_restriction and turn_restriction_via. A
-- scenario file has the rest as well. Every table has an integer primary key, as GeoPackage demands;
-- where people know a thing by a code, `code` is unique and everything refers to it.
-- Coordinates are WGS 84 (EPSG:4326), longitude first.

PRAGMA application_id = 1196444487; -- 'GPKG'
PRAGMA user_version = 10300;        -- GeoPackage 1.3

CREATE TABLE gpkg_spatial_ref_sys (
    srs_name                 TEXT    NOT NULL,
    srs_id                   INTEGER NOT NULL PRIMARY KEY,
    organization             TEXT    NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition               TEXT    NOT NULL,
    description              TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
    ('WGS 84', 4326, 'EPSG', 4326,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
     'longitude/latitude on the WGS 84 ellipsoid');

CREATE TABLE gpkg_contents (
    table_name  TEXT     NOT NULL PRIMARY KEY,
    data_type   TEXT     NOT NULL,
    identifier  TEXT     UNIQUE,
    description TEXT     DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x       DOUBLE,
    min_y       DOUBLE,
    max_x       DOUBLE,
    max_y       DOUBLE,
    srs_id      INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
    table_name         TEXT    NOT NULL UNIQUE REFERENCES gpkg_contents (table_name),
    column_name        TEXT    NOT NULL,
    geometry_type_name TEXT    NOT NULL,
    srs_id             INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
    z                  TINYINT NOT NULL,
    m                  TINYINT NOT NULL,
    PRIMARY KEY (table_name, column_name)
);

CREATE TABLE muster_meta (
    fid   INTEGER NOT NULL PRIMARY KEY,
    key   TEXT    NOT NULL UNIQUE,
    value TEXT    NOT NULL
);
INSERT INTO muster_meta (key, value) VALUES ('schema_version', '2');

-- Network ---------------------------------------------------------------------------------

CREATE TABLE node (
    id   INTEGER NOT NULL PRIMARY KEY,
    geom POINT   NOT NULL,
    rank INTEGER                              -- when a hierarchy eliminates it; NULL: not ordered
);

CREATE TABLE edge (
    id                   INTEGER    NOT NULL PRIMARY KEY,
    source               INTEGER    NOT NULL REFERENCES node (id),
    target               INTEGER    NOT NULL REFERENCES node (id),
    length_m             REAL       NOT NULL CHECK (length_m >= 0),
    class                TEXT       NOT NULL, -- a name of muster_road_class
    access_forward       INTEGER    NOT NULL, -- bits: 1 light, 2 heavy, 4 emergency, 8 contraflow
    access_backward      INTEGER    NOT NULL,
    speed_forward_kmh    REAL,                -- legal speed; NULL: not stated
    speed_backward_kmh   REAL,
    duration_forward_ms  INTEGER,             -- stated duration; NULL: from length and speed
    duration_backward_ms INTEGER,
    bridge               INTEGER    NOT NULL DEFAULT 0,
    tunnel               INTEGER    NOT NULL DEFAULT 0,
    layer                INTEGER    NOT NULL DEFAULT 0,
    maxheight_m          REAL,                -- NULL: no limit
    maxwidth_m           REAL,
    maxweight_t          REAL,
    name                 TEXT,
    way_id               INTEGER    NOT NULL DEFAULT 0,
    geom                 LINESTRING NOT NULL  -- from source to target
);

CREATE TABLE turn_restriction (
    fid         INTEGER NOT NULL PRIMARY KEY,
    id          INTEGER NOT NULL,             -- relation identifier in the map
    kind        TEXT    NOT NULL CHECK (kind IN ('no', 'only', 'penalty')),
    from_way    INTEGER NOT NULL,
    via_id      INTEGER NOT NULL,
    via_is_way  INTEGER NOT NULL CHECK (via_is_way IN (0, 1)),
    to_way      INTEGER NOT NULL,
    from_edge   INTEGER REFERENCES edge (id), -- NULL: not in the network
    via_node    INTEGER REFERENCES node (id), -- where from_edge is left
    to_edge     INTEGER REFERENCES edge (id),
    except_bits INTEGER NOT NULL DEFAULT 0,   -- access bits that need not obey
    penalty_s   REAL                          -- what the turn takes; NULL unless kind is 'penalty'
);

CREATE TABLE turn_restriction_via (           -- edges driven between from_edge and to_edge
    fid         INTEGER NOT NULL PRIMARY KEY,
    restriction INTEGER NOT NULL REFERENCES turn_restriction (fid),
    position    INTEGER NOT NULL,             -- in driving order
    edge        INTEGER NOT NULL REFERENCES edge (id),
    UNIQUE (restriction, position)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
    ('muster_meta', 'attributes', 'muster_meta', 'About this file', NULL),
    ('node', 'features', 'node', 'Junctions of the road network', 4326),
    ('edge', 'features', 'edge', 'Roads between junctions', 4326),
    ('turn_restriction', 'attributes', 'turn_restriction', 'Turns that are forbidden, mandatory or slow', NULL),
    ('turn_restriction_via', 'attributes', 'turn_restriction_via', 'Roads that turn restrictions run over', NULL);
INSERT INTO gpkg_geometry_columns VALUES
    ('node', 'geom', 'POINT', 4326, 0, 0),
    ('edge', 'geom', 'LINESTRING', 4326, 0, 0);
