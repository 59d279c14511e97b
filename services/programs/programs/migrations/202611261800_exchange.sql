-- What points are exchanged for: suppliers whom two officers listed, products, orders. No address is here that this host could read.

-- The list of suppliers, the newest alone. No member column.
CREATE TABLE supplier_list (
    -- The list's own number; a later list has a higher one.
    number integer PRIMARY KEY CONSTRAINT supplier_list_number CHECK (number >= 1),
    -- The signed bytes as sent.
    content bytea NOT NULL
);

-- Signatures of officers under the list of suppliers.
CREATE TABLE supplier_signature (
    -- supplier_list.number
    number integer NOT NULL REFERENCES supplier_list (number) ON DELETE CASCADE,
    -- Id of the officer in the officers' list that the list of suppliers names.
    officer text NOT NULL,
    -- Ed25519.
    signature bytea NOT NULL CONSTRAINT supplier_signature_size CHECK (octet_length(signature) = 64),
    PRIMARY KEY (number, officer)
);

-- Something to be had for points. No member column.
CREATE TABLE product (
    -- Random.
    id bytea PRIMARY KEY CONSTRAINT product_id_size CHECK (octet_length(id) = 16),
    -- Id of the supplier in their list.
    supplier text NOT NULL,
    -- Something that is sent, or a code.
    kind text NOT NULL CONSTRAINT product_kind CHECK (kind IN ('goods', 'voucher')),
    -- What it is called, in Japanese.
    title_ja text NOT NULL,
    -- What it is called, in English.
    title_en text NOT NULL,
    -- More about it, in Japanese.
    text_ja text NOT NULL,
    -- More about it, in English.
    text_en text NOT NULL,
    -- Points of one.
    points integer NOT NULL CONSTRAINT product_points CHECK (points > 0),
    -- Units that the supplier has made available in all.
    supplied integer NOT NULL CONSTRAINT product_supplied CHECK (supplied >= 0),
    -- Whether it may be ordered.
    offered boolean NOT NULL,
    -- Counts changes, for If-Match.
    revision integer NOT NULL CONSTRAINT product_revision CHECK (revision >= 1)
);

-- Pictures of products. No member column.
CREATE TABLE product_picture (
    -- product.id
    product bytea PRIMARY KEY REFERENCES product (id),
    -- image/png, image/jpeg or image/webp
    media_type text NOT NULL,
    -- The file.
    content bytea NOT NULL CONSTRAINT product_picture_size CHECK (octet_length(content) <= 131072)
);

-- Units of a product, which change with each order; apart from the product, and rewritten by each seal.
CREATE TABLE product_stock (
    -- product.id
    product bytea PRIMARY KEY REFERENCES product (id),
    -- Units that can be ordered.
    available integer NOT NULL CONSTRAINT product_stock_available CHECK (available >= 0),
    -- Units that orders have taken. With the available ones as many as were supplied.
    taken integer NOT NULL CONSTRAINT product_stock_taken CHECK (taken >= 0)
);

-- Orders that are not over. Rewritten by each seal.
CREATE TABLE exchange_order (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT exchange_order_token_size CHECK (octet_length(token) = 32),
    -- Random, made by the device: the only name of a member that the supplier sees, another for each order. Also point_hold.id
    id bytea NOT NULL CONSTRAINT exchange_order_id_size CHECK (octet_length(id) = 16),
    -- Id of the supplier.
    supplier text NOT NULL,
    -- As of its products.
    kind text NOT NULL,
    -- Where it stands.
    state text NOT NULL CONSTRAINT exchange_order_state CHECK (
        state IN ('reserved', 'placed', 'accepted', 'shipped', 'delivered', 'cancelled', 'rejected', 'returned', 'expired')
    ),
    -- Counts changes, for If-Match.
    revision integer NOT NULL CONSTRAINT exchange_order_revision CHECK (revision >= 1),
    -- Points in all.
    points integer NOT NULL CONSTRAINT exchange_order_points CHECK (points > 0),
    -- product.id of each line.
    products bytea[] NOT NULL,
    -- Units of each line.
    units integer[] NOT NULL,
    -- Points of one, of each line.
    prices integer[] NOT NULL,
    -- The last day (UTC) on which it may go on, while it is reserved or placed.
    until date,
    -- The day (UTC) of the last change.
    day date NOT NULL,
    PRIMARY KEY (token, id),
    CONSTRAINT exchange_order_lines CHECK (cardinality(products) = cardinality(units) AND cardinality(products) = cardinality(prices))
);
CREATE UNIQUE INDEX exchange_order_alias ON exchange_order (id);
CREATE INDEX exchange_order_supplier ON exchange_order (supplier, state);

-- Orders that are over: moved here by the fold, sorted by token.
CREATE TABLE exchange_order_past (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT exchange_order_past_token_size CHECK (octet_length(token) = 32),
    -- As in exchange_order.
    id bytea NOT NULL CONSTRAINT exchange_order_past_id_size CHECK (octet_length(id) = 16),
    -- As in exchange_order.
    supplier text NOT NULL,
    -- As in exchange_order.
    kind text NOT NULL,
    -- As in exchange_order.
    state text NOT NULL,
    -- As in exchange_order.
    revision integer NOT NULL,
    -- As in exchange_order.
    points integer NOT NULL,
    -- As in exchange_order.
    products bytea[] NOT NULL,
    -- As in exchange_order.
    units integer[] NOT NULL,
    -- As in exchange_order.
    prices integer[] NOT NULL,
    -- As in exchange_order.
    until date,
    -- As in exchange_order.
    day date NOT NULL,
    PRIMARY KEY (token, id)
);
CREATE UNIQUE INDEX exchange_order_past_alias ON exchange_order_past (id);

CREATE VIEW exchange_orders AS
SELECT token, id, supplier, kind, state, revision, points, products, units, prices, until, day FROM exchange_order
UNION ALL
SELECT token, id, supplier, kind, state, revision, points, products, units, prices, until, day FROM exchange_order_past;

-- What member and supplier say to each other, sealed by one device and opened by the other. Rewritten by each seal.
CREATE TABLE order_sealed (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT order_sealed_token_size CHECK (octet_length(token) = 32),
    -- exchange_order.id
    order_id bytea NOT NULL,
    -- address: to the supplier. reply-key: the device's public key for this order alone. voucher: to that key.
    what text NOT NULL CONSTRAINT order_sealed_what CHECK (what IN ('address', 'reply-key', 'voucher')),
    -- The supplier's key that an address is sealed to; of others nothing.
    key_id bytea,
    -- Counts addresses of the order; bound into what is sealed.
    revision integer NOT NULL CONSTRAINT order_sealed_revision CHECK (revision >= 1),
    -- Of one size each.
    content bytea NOT NULL CONSTRAINT order_sealed_size CHECK (octet_length(content) <= 4096),
    PRIMARY KEY (token, order_id, what)
);
