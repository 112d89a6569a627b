-- What a unit is claimed for, also where the database does not know it.
--
-- An assignment refers to rows of incident and kind. A dispatcher may know of incidents that are in no
-- table: it was told of them. So a claim has the codes themselves, as its dispatcher gave them, for others
-- to see. A plan that says by_code refers to those rows that are there and leaves the rest; any other has
-- to name rows that are there, as before.

DO $$ BEGIN
    PERFORM set_config('search_path', current_setting('search_path') || ', pg_temp', true);
END $$;

ALTER TABLE claim
    ADD COLUMN incident text COLLATE "C" CHECK (incident <> ''),
    ADD COLUMN need     text COLLATE "C" CHECK (need <> '');
COMMENT ON COLUMN claim.incident IS 'Code of the incident that it is for, which need not be in the table incident; NULL: not said, or see the assignment';
COMMENT ON COLUMN claim.need     IS 'Code of the kind that is needed there; NULL: not said, or see the assignment';

CREATE OR REPLACE FUNCTION write_plan(p json, p_lines assignment_line[]) RETURNS bigint LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    v_plan     bigint;
    v_made_at  timestamptz := coalesce(to_timestamp((p ->> 'made_at_ms')::numeric / 1000), clock_timestamp());
    v_by_code  boolean := coalesce(p ->> 'by_code', '0') <> '0';
    v_scenario text := p ->> 'scenario';
BEGIN
    IF v_by_code THEN
        v_scenario := (SELECT s.code FROM scenario AS s WHERE s.code = v_scenario);
    END IF;
    INSERT INTO plan (dispatcher, scenario, made_at, committed_at, outcome, unmet_need, unmet_need_bound, response_time,
                      response_time_bound, reserve, reserve_bound, escalation, escalation_bound, duty, duty_bound)
    SELECT p ->> 'dispatcher', v_scenario, v_made_at, clock_timestamp(), p ->> 'outcome', t.unmet_need, t.unmet_need_bound,
           t.response_time, t.response_time_bound, t.reserve, t.reserve_bound, t.escalation, t.escalation_bound,
           t.duty, t.duty_bound
    FROM json_to_record(p) AS t (unmet_need bigint, unmet_need_bound bigint, response_time bigint,
                                 response_time_bound bigint, reserve bigint, reserve_bound bigint,
                                 escalation bigint, escalation_bound bigint, duty bigint, duty_bound bigint)
    RETURNING id INTO v_plan;
    INSERT INTO assignment (plan, position, resource, code, kind, scenario, incident, need, quantity, vehicle,
                            depart_at, eta_at, distance_m)
    SELECT v_plan, l.position, l.resource, l.code, l.kind,
           CASE WHEN v_by_code THEN i.scenario WHEN l.incident IS NOT NULL THEN v_scenario END,
           CASE WHEN v_by_code THEN i.code ELSE l.incident END,
           CASE WHEN v_by_code THEN k.code ELSE l.need END, l.quantity, l.vehicle,
           v_made_at + l.depart_ms * interval '1 ms', v_made_at + l.eta_ms * interval '1 ms', l.distance_m
    FROM unnest(p_lines) AS l
    LEFT JOIN incident AS i ON (i.scenario, i.code) = (v_scenario, l.incident)
    LEFT JOIN kind AS k ON k.code = l.need;
    INSERT INTO claim (assignment, dispatcher, resource, code, kind, quantity, since, incident, need)
    SELECT a.id, p ->> 'dispatcher', a.resource, a.code, a.kind, a.quantity, clock_timestamp(), l.incident, l.need
    FROM assignment AS a JOIN unnest(p_lines) AS l ON l.position = a.position
    WHERE a.plan = v_plan ORDER BY a.resource, a.code, a.kind;
    INSERT INTO dispatch_order (assignment, state, issued_at, changed_at)
    SELECT a.id, 'issued', t.now, t.now FROM (SELECT clock_timestamp() AS now) AS t, assignment AS a WHERE a.plan = v_plan ORDER BY a.position;
    RETURN v_plan;
END $$;

-- What of the lines cannot be claimed, as if the claims in p_released were none.
CREATE OR REPLACE FUNCTION conflicts_of(p_lines assignment_line[], p_released bigint[])
RETURNS TABLE ("position" integer, resource text, code text, kind text, reason text, quantity bigint, remaining bigint,
               holder text, since timestamptz, scenario text, incident text)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY WITH unit AS (
        SELECT l.*, CASE WHEN l.resource IN ('people', 'vehicle') THEN 1 ELSE l.quantity END AS wanted,
               CASE l.resource
                   WHEN 'people'  THEN (SELECT 1 FROM team AS t WHERE t.code = l.code)
                   WHEN 'vehicle' THEN (SELECT 1 FROM vehicle AS v WHERE v.code = l.code)
                   WHEN 'machine' THEN (SELECT m.count FROM machine AS m WHERE m.code = l.code)
                   ELSE (SELECT s.quantity FROM stock AS s WHERE s.warehouse = l.code AND s.kind = l.kind)
               END AS there,
               CASE l.resource
                   WHEN 'people'  THEN (SELECT t.available FROM team AS t WHERE t.code = l.code)
                   WHEN 'vehicle' THEN (SELECT v.available FROM vehicle AS v WHERE v.code = l.code)
               END AS is_available
        FROM unnest(p_lines) AS l
    ), held AS (
        SELECT u.*, h.claimed, h.latest,
               coalesce(sum(u.wanted) OVER (PARTITION BY u.resource, u.code, u.kind ORDER BY u.position
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS earlier
        FROM unit AS u CROSS JOIN LATERAL (
            SELECT coalesce(sum(CASE WHEN c.resource IN ('people', 'vehicle') THEN 1 ELSE c.quantity END), 0) AS claimed,
                   max(c.id) AS latest
            FROM claim AS c
            WHERE c.resource = u.resource AND c.code = u.code AND c.kind IS NOT DISTINCT FROM u.kind
              AND c.released_at IS NULL AND c.id <> ALL (p_released)) AS h
    )
    SELECT h.position, h.resource, h.code, h.kind,
           CASE WHEN h.there IS NULL THEN 'unknown'
                WHEN NOT h.is_available THEN 'unavailable'
                WHEN h.resource IN ('people', 'vehicle') THEN 'held'
                ELSE 'short' END,
           h.quantity, greatest(0, coalesce(h.there, 0) - h.claimed - h.earlier)::bigint,
           c.dispatcher, c.since, a.scenario, coalesce(c.incident, a.incident)
    FROM held AS h
    LEFT JOIN claim AS c ON c.id = h.latest
    LEFT JOIN assignment AS a ON a.id = c.assignment
    WHERE h.there IS NULL OR NOT coalesce(h.is_available, true) OR h.there - h.claimed - h.earlier < h.wanted;
END $$;
