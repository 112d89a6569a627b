-- How QGIS draws the layers: the table layer_styles, which it reads when a layer is opened.
--
-- A style is a QML document with one rule after the other; the rules are rows here, and the
-- documents are made of them. What a rule has no opinion on is QGIS's default. Colours are
-- red, green, blue; sizes millimetres; a rule with a denominator is drawn at 1 : denominator and
-- closer. Run last, when the layers are in gpkg_contents: those that are not have no style.

CREATE TABLE layer_styles (
    id                INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog   TEXT(256),
    f_table_schema    TEXT(256),
    f_table_name      TEXT(256),
    f_geometry_column TEXT(256),
    styleName         TEXT(30),
    styleQML          TEXT,
    styleSLD          TEXT,
    useAsDefault      BOOLEAN,
    description       TEXT,
    owner             TEXT(30),
    ui                TEXT(30),
    update_time       DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
    ('layer_styles', 'attributes', 'layer_styles', 'How QGIS draws the layers', NULL);

WITH rule (layer, number, filter, label, denominator, symbol, shape, colour, size) AS (VALUES
    ('edge', 0, 'class IN (''motorway'', ''motorway_link'')', 'Motorway', NULL, 'line', 'solid', '214,84,60', 0.9),
    ('edge', 1, 'class IN (''trunk'', ''trunk_link'')', 'Trunk road', NULL, 'line', 'solid', '232,134,60', 0.7),
    ('edge', 2, 'class IN (''primary'', ''primary_link'')', 'Primary road', NULL, 'line', 'solid', '240,178,74', 0.6),
    ('edge', 3, 'class IN (''secondary'', ''secondary_link'')', 'Secondary road', 1000000, 'line', 'solid', '226,204,104', 0.5),
    ('edge', 4, 'class IN (''tertiary'', ''tertiary_link'')', 'Tertiary road', 500000, 'line', 'solid', '150,150,150', 0.4),
    ('edge', 5, 'class IN (''unclassified'', ''residential'', ''living_street'', ''road'')', 'Street', 150000, 'line', 'solid', '180,180,180', 0.3),
    ('edge', 6, 'class IN (''service'', ''track'')', 'Service road, track', 50000, 'line', 'solid', '205,205,205', 0.2),
    ('edge', 7, 'class = ''ferry''', 'Ferry', NULL, 'line', 'dash', '60,120,190', 0.4),
    ('node', 0, '', 'Junction', 25000, 'marker', 'circle', '120,120,120', 0.8),
    ('place', 0, 'level = ''city''', 'City', NULL, 'marker', 'square', '40,40,40', 3.4),
    ('place', 1, 'level = ''county''', 'County', NULL, 'marker', 'square', '70,70,70', 2.6),
    ('place', 2, 'level = ''town''', 'Town', 1000000, 'marker', 'circle', '100,100,100', 1.8),
    ('place', 3, 'level = ''village''', 'Village', 150000, 'marker', 'circle', '140,140,140', 1.2),
    ('waterway', 0, 'class = ''river''', 'River', NULL, 'line', 'solid', '140,184,214', 0.7),
    ('waterway', 1, 'ELSE', 'Canal, ditch', 200000, 'line', 'solid', '140,184,214', 0.3),
    ('water_area', 0, '', 'Lake, sea', NULL, 'fill', 'solid', '178,208,228', 0.1),
    ('team', 0, 'available = 1', 'Team', NULL, 'marker', 'circle', '31,99,174', 2.2),
    ('team', 1, 'available = 0', 'Team, not available', NULL, 'marker', 'circle', '170,185,200', 1.8),
    ('vehicle', 0, 'available = 1', 'Vehicle', NULL, 'marker', 'square', '38,138,84', 2),
    ('vehicle', 1, 'available = 0', 'Vehicle, not available', NULL, 'marker', 'square', '170,198,182', 1.6),
    ('machine', 0, '', 'Machines', NULL, 'marker', 'diamond', '128,90,160', 2.2),
    ('warehouse', 0, 'tier = ''city''', 'Warehouse of the city', NULL, 'marker', 'pentagon', '138,86,46', 4),
    ('warehouse', 1, 'tier = ''county''', 'Warehouse of a county', NULL, 'marker', 'pentagon', '138,86,46', 3),
    ('warehouse', 2, 'ELSE', 'Warehouse', NULL, 'marker', 'pentagon', '138,86,46', 2.2),
    ('at_risk_site', 0, '', 'Flood-prone place', NULL, 'marker', 'triangle', '230,150,30', 2.4),
    ('incident', 0, 'severity = ''minor''', 'Minor', NULL, 'marker', 'star', '244,208,63', 3),
    ('incident', 1, 'severity = ''moderate''', 'Moderate', NULL, 'marker', 'star', '240,140,40', 3.6),
    ('incident', 2, 'severity = ''severe''', 'Severe', NULL, 'marker', 'star', '214,40,40', 4.2),
    ('incident', 3, 'severity = ''extreme''', 'Extreme', NULL, 'marker', 'star', '120,20,90', 5),
    ('zone', 0, '', 'Cover to be kept', NULL, 'marker', 'cross2', '31,99,174', 3),
    ('hazard', 0, 'depth_m &lt; 0.3', 'Water up to 0.3 m', NULL, 'fill', 'solid', '158,202,225', 0.2),
    ('hazard', 1, 'depth_m &gt;= 0.3 AND depth_m &lt; 1', 'Water up to 1 m', NULL, 'fill', 'solid', '66,146,198', 0.2),
    ('hazard', 2, 'depth_m &gt;= 1', 'Deeper water', NULL, 'fill', 'solid', '8,69,148', 0.2),
    ('hazard', 3, 'ELSE', 'Other hazard', NULL, 'fill', 'b_diagonal', '200,80,120', 0.3)
),
property (layer, number, xml) AS (
    SELECT layer, number, CASE symbol
        WHEN 'line' THEN
            '<layer class="SimpleLine" enabled="1" locked="0" pass="' || (20 - number) || '">' ||
            '<prop k="line_color" v="' || colour || ',255"/><prop k="line_width" v="' || size ||
            '"/><prop k="line_style" v="' || shape || '"/><prop k="capstyle" v="round"/>' ||
            '<prop k="joinstyle" v="round"/></layer>'
        WHEN 'fill' THEN
            '<layer class="SimpleFill" enabled="1" locked="0" pass="0">' ||
            '<prop k="color" v="' || colour || ',150"/><prop k="style" v="' || shape ||
            '"/><prop k="outline_color" v="' || colour || ',255"/><prop k="outline_width" v="' ||
            size || '"/></layer>'
        ELSE
            '<layer class="SimpleMarker" enabled="1" locked="0" pass="0">' ||
            '<prop k="name" v="' || shape || '"/><prop k="color" v="' || colour ||
            ',255"/><prop k="size" v="' || size || '"/>' ||
            '<prop k="outline_color" v="' || iif(shape = 'cross2', colour, '255,255,255') ||
            ',255"/><prop k="outline_width" v="0.2"/></layer>'
        END
    FROM rule
),
document (layer, rules, symbols) AS (
    SELECT layer,
        group_concat('<rule key="' || number || '" symbol="' || number || '" label="' || label ||
            '"' || iif(filter = '', '', ' filter="' || filter || '"') ||
            iif(denominator IS NULL, '', ' scalemaxdenom="' || denominator || '"') || '/>', ''),
        group_concat('<symbol name="' || number || '" type="' || symbol ||
            '" alpha="1" clip_to_extent="1" force_rhr="0">' || xml || '</symbol>', '')
    FROM (SELECT * FROM rule JOIN property USING (layer, number) ORDER BY layer, number)
    GROUP BY layer
)
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
                          styleName, styleQML, styleSLD, useAsDefault, description, owner, ui,
                          update_time)
    SELECT '', '', layer, 'geom', 'muster',
        '<!DOCTYPE qgis PUBLIC ''http://mrcc.com/qgis.dtd'' ''SYSTEM''>' ||
        '<qgis version="3.22.0" styleCategories="Symbology">' ||
        '<renderer-v2 type="RuleRenderer" symbollevels="' || (layer = 'edge') ||
        '" enableorderby="0" forceraster="0"><rules key="rules">' || rules ||
        '</rules><symbols>' || symbols || '</symbols></renderer-v2></qgis>',
        '', 1, 'As muster draws it', '', '', '2026-01-01T00:00:00.000Z'
    FROM document
    WHERE layer IN (SELECT table_name FROM gpkg_contents)
    ORDER BY layer;
