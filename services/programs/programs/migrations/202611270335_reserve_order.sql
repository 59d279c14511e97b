-- A reservation in one statement, all or nothing: what is asked for most often is not asked for in seven.

CREATE FUNCTION reserve_order(
    mailbox bytea, name bytea, seller text, sort text, cost integer, goods bytea[], numbers integer[], costs integer[], last date,
    today date, reply bytea, asked_key bytea, asked bytea, said text
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    missing integer := cost;
    remaining integer;
    lot record;
BEGIN
    -- Whoever asks twice at once waits for the mailbox, and finds here what the other was told.
    IF EXISTS (SELECT FROM point_request WHERE token = mailbox AND scope = 'reserve' AND key = asked_key) THEN
        RETURN 'answered';
    END IF;
    -- Locks in the order of whatever else changes points: the balance, lots, units. Each query is a statement of its own, so lots are
    -- seen as they are once the balance is taken.
    UPDATE point_balance b SET held = b.held + cost WHERE b.token = mailbox AND b.posted - b.held >= cost;
    IF NOT FOUND THEN
        RAISE 'points' USING ERRCODE = 'WF001';
    END IF;
    INSERT INTO exchange_order (token, id, supplier, kind, state, revision, points, products, units, prices, until, day)
    SELECT mailbox, name, seller, sort, 'reserved', 1, cost, goods, numbers, costs, last, today
    WHERE NOT EXISTS (SELECT FROM exchange_order_past p WHERE p.id = name)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE 'name' USING ERRCODE = 'WF001';
    END IF;
    INSERT INTO point_hold (token, id, amount, until) VALUES (mailbox, name, cost, last);
    -- What is left of a lot is looked up when its turn comes: mostly the first one suffices.
    FOR lot IN SELECT e.id, e.amount FROM point_entries e WHERE e.token = mailbox AND e.expires >= today ORDER BY e.expires, e.id LOOP
        remaining := lot.amount
            - coalesce((SELECT sum(u.amount) FROM point_uses u WHERE u.token = mailbox AND u.lot = lot.id), 0)
            - coalesce((SELECT sum(p.amount) FROM point_hold_part p WHERE p.token = mailbox AND p.lot = lot.id), 0);
        CONTINUE WHEN remaining <= 0;
        INSERT INTO point_hold_part (token, hold, lot, amount) VALUES (mailbox, name, lot.id, least(remaining, missing));
        missing := missing - least(remaining, missing);
        EXIT WHEN missing = 0;
    END LOOP;
    IF missing > 0 THEN
        RAISE 'points' USING ERRCODE = 'WF001';
    END IF;
    FOR line IN 1 .. cardinality(goods) LOOP
        UPDATE product_stock s SET available = s.available - numbers[line], taken = s.taken + numbers[line]
        WHERE s.product = goods[line] AND s.available >= numbers[line];
        IF NOT FOUND THEN
            RAISE 'units' USING ERRCODE = 'WF001';
        END IF;
    END LOOP;
    IF reply IS NOT NULL THEN
        INSERT INTO order_sealed (token, order_id, what, key_id, revision, content) VALUES (mailbox, name, 'reply-key', NULL, 1, reply);
    END IF;
    INSERT INTO point_request (token, scope, key, fingerprint, answer, day)
    VALUES (mailbox, 'reserve', asked_key, asked, said, today);
    RETURN 'done';
EXCEPTION WHEN SQLSTATE 'WF001' THEN
    -- Everything above is undone.
    RETURN SQLERRM;
END
$$;
COMMENT ON FUNCTION reserve_order(bytea, bytea, text, text, integer, bytea[], integer[], integer[], date, date, bytea, bytea, bytea, text) IS 'Holds points and units for a new order and remembers the answer to its key: done; or nothing, and why: what there is not enough of (points, units), an id that is somebody''s already (name), a key that was answered before (answered).';
