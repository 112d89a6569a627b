-- When others have changed what a session plans with: where a unit is, whether it can be sent, how many
-- there are, when it rests, what is in stock.
--
-- An event says that a row has changed, not what of it; and events are forgotten some day. A session that
-- has heard later from the crew where they are must not take an old position for a new one because
-- somebody has corrected their number. So each of these has a moment of its own, that of its last change,
-- which stays. The row says what it is now. Whoever follows compares the moment with that of what he
-- knows, after however long a time, and the later word counts.
--
-- Rows that have not changed since they were made have none: what they say is what everybody began with.

DO $$ BEGIN
    PERFORM set_config('search_path', current_setting('search_path') || ', pg_temp', true);
END $$;

CREATE TABLE unit_change (
    resource   text NOT NULL CHECK (resource IN ('people', 'vehicle', 'machine', 'item')),
    code       text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    aspect     text NOT NULL CHECK (aspect IN ('position', 'status', 'crew', 'shift', 'stock')),
    dispatcher text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    actor      text NOT NULL,
    PRIMARY KEY (resource, code, kind, aspect, dispatcher)
);
COMMENT ON TABLE  unit_change            IS 'When each unit was last changed, and by whom';
COMMENT ON COLUMN unit_change.resource   IS 'people, vehicle, machine or item';
COMMENT ON COLUMN unit_change.code       IS 'Code of the team, vehicle, machine or warehouse';
COMMENT ON COLUMN unit_change.kind       IS 'kind.code of a stock; empty: no stock';
COMMENT ON COLUMN unit_change.aspect     IS 'position: geom. status: available, and whether the row is there. crew: people, count. shift: ready_s, shift_end_s, duty_s. stock: quantity';
COMMENT ON COLUMN unit_change.dispatcher IS 'dispatcher.code of whose claims did it; empty: nobody''s';
COMMENT ON COLUMN unit_change.at         IS 'When it was last changed';
COMMENT ON COLUMN unit_change.actor      IS 'The role that changed it';

-- muster.dispatcher: whose claims do it, in this transaction.
CREATE FUNCTION note_change(p_resource text, p_code text, p_kind text, p_aspects text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO unit_change AS u (resource, code, kind, aspect, dispatcher, at, actor)
    SELECT p_resource, p_code, p_kind, a.aspect, coalesce(current_setting('muster.dispatcher', true), ''),
           clock_timestamp(), acting_role()
    FROM unnest(p_aspects) AS a (aspect) WHERE NOT is_loading() ORDER BY a.aspect
    ON CONFLICT (resource, code, kind, aspect, dispatcher)
    DO UPDATE SET at = greatest(u.at, excluded.at), actor = excluded.actor
$$;

-- A row that is made has changed if it was there before.
CREATE FUNCTION note_change_again(p_resource text, p_code text, p_kind text, p_aspects text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT note_change(p_resource, p_code, p_kind, p_aspects)
    WHERE EXISTS (SELECT FROM unit_change AS u WHERE (u.resource, u.code, u.kind) = (p_resource, p_code, p_kind))
$$;

-- Arguments: the resource, and what has changed.
CREATE FUNCTION note_unit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM note_change_again(TG_ARGV[0], NEW.code, '', TG_ARGV[1:]);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM note_change(TG_ARGV[0], OLD.code, '', TG_ARGV[1:]);
    ELSE
        PERFORM note_change(TG_ARGV[0], NEW.code, '', TG_ARGV[1:]);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION note_stock_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM note_change_again('item', NEW.warehouse, NEW.kind, ARRAY ['stock']);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM note_change('item', OLD.warehouse, OLD.kind, ARRAY ['stock']);
    ELSE
        PERFORM note_change('item', NEW.warehouse, NEW.kind, ARRAY ['stock']);
    END IF;
    RETURN NULL;
END $$;

-- Geometries are compared byte by byte: their own operator compares their boxes alone.
CREATE FUNCTION follow_units(p_table name, p_resource text, p_is_mobile boolean, p_status text, p_crew text)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    v_aspects text := '''shift''';
    v_trigger text := 'CREATE TRIGGER note_%1$s AFTER UPDATE ON %2$I FOR EACH ROW WHEN (%3$s)
                       EXECUTE FUNCTION note_unit_change(%4$L, %1$L)';
BEGIN
    EXECUTE format(v_trigger, 'shift', p_table, '(OLD.ready_s, OLD.shift_end_s, OLD.duty_s) IS DISTINCT FROM
                   (NEW.ready_s, NEW.shift_end_s, NEW.duty_s)', p_resource);
    IF p_is_mobile THEN
        v_aspects := v_aspects || ', ''position'', ''status''';
        EXECUTE format(v_trigger, 'position', p_table, 'OLD.geom::bytea IS DISTINCT FROM NEW.geom::bytea', p_resource);
        EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON %I FOR EACH ROW
                        EXECUTE FUNCTION note_unit_change(%L, ''status'')', p_table, p_resource);
    END IF;
    IF p_status IS NOT NULL THEN
        EXECUTE format(v_trigger, 'status', p_table, format('OLD.%1$I <> NEW.%1$I', p_status), p_resource);
    END IF;
    IF p_crew IS NOT NULL THEN
        v_aspects := v_aspects || ', ''crew''';
        EXECUTE format(v_trigger, 'crew', p_table, format('OLD.%1$I <> NEW.%1$I', p_crew), p_resource);
    END IF;
    EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON %I FOR EACH ROW
                    EXECUTE FUNCTION note_unit_change(%L, %s)', p_table, p_resource, v_aspects);
END $$;

DO $$ BEGIN
    PERFORM follow_units('team', 'people', true, 'available', 'people');
    PERFORM follow_units('vehicle', 'vehicle', true, 'available', NULL);
    PERFORM follow_units('machine', 'machine', true, NULL, 'count');
    PERFORM follow_units('warehouse', 'item', false, NULL, NULL);
END $$;
DROP FUNCTION follow_units;

CREATE TRIGGER note_update AFTER UPDATE ON stock FOR EACH ROW WHEN (OLD.quantity <> NEW.quantity)
    EXECUTE FUNCTION note_stock_change();
CREATE TRIGGER note_insert AFTER INSERT ON stock FOR EACH ROW EXECUTE FUNCTION note_stock_change();
CREATE TRIGGER note_delete AFTER DELETE ON stock FOR EACH ROW EXECUTE FUNCTION note_stock_change();

CREATE TYPE changed_unit AS (
    resource text, code text, kind text, aspect text, at timestamptz, actor text, is_there boolean,
    lon_deg double precision, lat_deg double precision, available boolean, quantity integer,
    ready_s double precision, shift_end_s double precision, duty_s double precision
);

-- What others than a dispatcher have changed, and how it is now; columns that have nothing to say are NULL.
-- p_units: which, as resource/code; NULL: all.
CREATE FUNCTION changed_units(p_dispatcher text, p_units text[] DEFAULT NULL) RETURNS SETOF changed_unit
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH latest AS (
        SELECT DISTINCT ON (u.resource, u.code, u.kind, u.aspect) u.* FROM unit_change AS u
        WHERE u.dispatcher <> p_dispatcher AND (p_units IS NULL OR u.resource || '/' || u.code = ANY (p_units))
        ORDER BY u.resource, u.code, u.kind, u.aspect, u.at DESC, u.dispatcher
    )
    SELECT l.resource, l.code, nullif(l.kind, ''), l.aspect, l.at, l.actor,
           coalesce(t.code, v.code, m.code, s.warehouse, CASE WHEN l.kind = '' THEN w.code END) IS NOT NULL,
           ST_X(coalesce(t.geom, v.geom, m.geom)), ST_Y(coalesce(t.geom, v.geom, m.geom)),
           coalesce(t.available, v.available, m.code IS NOT NULL), coalesce(t.people, m.count, s.quantity, 0),
           coalesce(t.ready_s, v.ready_s, m.ready_s, w.ready_s),
           coalesce(t.shift_end_s, v.shift_end_s, m.shift_end_s, w.shift_end_s),
           coalesce(t.duty_s, v.duty_s, m.duty_s, w.duty_s)
    FROM latest AS l
    LEFT JOIN team      AS t ON l.resource = 'people'  AND t.code = l.code
    LEFT JOIN vehicle   AS v ON l.resource = 'vehicle' AND v.code = l.code
    LEFT JOIN machine   AS m ON l.resource = 'machine' AND m.code = l.code
    LEFT JOIN warehouse AS w ON l.resource = 'item'    AND w.code = l.code
    LEFT JOIN stock     AS s ON l.resource = 'item'    AND s.warehouse = l.code AND s.kind = l.kind
$$;
COMMENT ON FUNCTION changed_units IS 'What others than a dispatcher have changed of units, when, and how it is now';

GRANT SELECT ON unit_change TO muster_read;
GRANT ALL ON unit_change TO muster_admin;
REVOKE ALL ON FUNCTION note_change, note_change_again FROM PUBLIC;
