-- Followers are woken after the commit, so that plans can be committed together.
--
-- A transaction that has called NOTIFY holds a lock, one for the whole server, from when it begins to
-- commit until it is on disk. So those that write events commit one after the other, each with a flush
-- of its own, where PostgreSQL would otherwise write many with one flush. What dispatchers ask for is
-- therefore done in two transactions of one statement: the first does it and wakes nobody, the second
-- wakes the followers and writes nothing, so it need not wait for the disk.
--
-- The statement goes on whether or not its client is still there. If the server kills the process
-- between the two, nobody is woken; followers ask now and then by themselves, and miss nothing. Whoever
-- calls commit_plan and its like directly is in one transaction, which wakes followers as before.

DO $$ BEGIN
    PERFORM set_config('search_path', current_setting('search_path') || ', pg_temp', true);
END $$;

-- The message says in which schema something happened; equal ones of a transaction are one. Where
-- muster.wakes_later is yes, whoever says so calls wake_followers after the commit.
CREATE OR REPLACE FUNCTION notify_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('muster.wakes_later', true), '') <> 'yes' THEN
        PERFORM pg_notify('muster_event', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION wake_followers() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('muster_event', current_schema());
END $$;
COMMENT ON FUNCTION wake_followers IS 'Let all followers ask what is new';

-- What a dispatcher asks for, by the name of the function that does it, in the caller's search path and
-- with his rights; an answer is rows that end with RS, of columns with US between them, and its
-- SHA-256. It cannot be part of a larger transaction.
CREATE PROCEDURE carry_out(p_function text, p json, p_sha256 text, INOUT answer text, INOUT answer_sha256 text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('muster.wakes_later', 'yes', true);
    CASE p_function
    WHEN 'commit_plan' THEN
        SELECT string_agg(array_to_string(ARRAY [
                   c.position, c.plan, c.claim, c.dispatch_order, c.reason, c.remaining, c.holder,
                   (extract(epoch FROM c.since) * 1000)::bigint, c.incident]::text[], E'\x1f', '') || E'\x1e', ''
                   ORDER BY c.position)
        INTO answer FROM commit_plan(p, p_sha256) AS c;
    WHEN 'release_claims' THEN
        PERFORM release_claims(p, p_sha256);
        answer := E'done\x1e';
    WHEN 'set_order_state' THEN
        PERFORM set_order_state(p, p_sha256);
        answer := E'done\x1e';
    END CASE;
    answer_sha256 := sha256_of(answer);
    COMMIT;
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM wake_followers();
END $$;
COMMENT ON PROCEDURE carry_out IS 'Call commit_plan, release_claims or set_order_state, commit, and wake the followers then';

REVOKE ALL ON FUNCTION wake_followers FROM PUBLIC;
REVOKE ALL ON PROCEDURE carry_out FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wake_followers TO muster_dispatch;
GRANT EXECUTE ON PROCEDURE carry_out TO muster_dispatch;
