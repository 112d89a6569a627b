-- Goods that have been handed over: their claims end, and they leave the stock with them.
--
-- Both happen in one transaction, and only to a claim that is held: so a request that is asked again, or
-- made once more by who has taken the dispatcher over, lowers nothing twice. What was claimed and has come
-- back is released, which lowers nothing.

DO $$ BEGIN
    PERFORM set_config('search_path', current_setting('search_path') || ', pg_temp', true);
END $$;

ALTER TABLE claim ADD COLUMN used boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN claim.used IS 'Has it been used up? Then the stock has been lowered by it when it was released';

-- What the dispatcher does not hold is left alone. The units are locked as when they are claimed, so that
-- nobody adds up claims of before with a stock of after. Somebody else may have counted what is there
-- already: it is not made less than nothing.
CREATE FUNCTION use_claims(p_dispatcher text, p_claims bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM claim_lock AS k
    WHERE (k.resource, k.code, k.kind) IN (
        SELECT c.resource, c.code, c.kind FROM claim AS c
        WHERE c.id = ANY (p_claims) AND c.dispatcher = p_dispatcher AND c.resource = 'item' AND c.released_at IS NULL)
    ORDER BY k.resource, k.code, k.kind FOR UPDATE;
    PERFORM set_config('muster.dispatcher', p_dispatcher, true);
    WITH used AS (
        UPDATE claim AS c SET released_at = greatest(c.since, clock_timestamp()), used = true
        WHERE c.id = ANY (p_claims) AND c.dispatcher = p_dispatcher AND c.resource = 'item' AND c.released_at IS NULL
        RETURNING c.assignment, c.code, c.kind, c.quantity
    ), lowered AS (
        UPDATE stock AS s SET quantity = greatest(0, s.quantity - u.quantity)
        FROM (SELECT u.code, u.kind, sum(u.quantity) AS quantity FROM used AS u GROUP BY u.code, u.kind) AS u
        WHERE (s.warehouse, s.kind) = (u.code, u.kind)
    )
    UPDATE dispatch_order AS o SET state = 'released', changed_at = clock_timestamp()
    FROM used AS u WHERE o.assignment = u.assignment AND o.state NOT IN ('declined', 'released');
    PERFORM set_config('muster.dispatcher', '', true);
END $$;

CREATE OR REPLACE FUNCTION release_claims(p json, p_sha256 text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_used bigint[] := ARRAY(SELECT json_array_elements_text(p -> 'used')::bigint);
BEGIN
    PERFORM check_transmission(p, p_sha256);
    IF begin_request(p, 'release') THEN
        PERFORM use_claims(p ->> 'dispatcher', v_used);
        PERFORM free_claims(p ->> 'dispatcher',
                            v_used || ARRAY(SELECT json_array_elements_text(p -> 'release')::bigint));
    END IF;
END $$;
COMMENT ON FUNCTION release_claims IS 'Free units: {request, dispatcher, token, release: [claim.id], used: [claim.id] of goods that have been handed over}';

REVOKE ALL ON FUNCTION use_claims FROM PUBLIC;
