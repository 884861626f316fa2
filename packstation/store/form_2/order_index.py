"""One narrow row an order for lists, filters, search and the board.

``order_index`` says which terms (shop, carrier, state, SKU, hour of payment …) an order has;
``order_bits`` turns that round: of each term, the orders that have it, in pieces of 32,768 orders.
All of it follows from the other tables and the shop's rules, and can be made anew at any time.
"""

from __future__ import annotations

# A clause OR IGNORE would give way to that of the statement that sets a trigger off.
_NOTE = "INSERT INTO order_index_due"
_ONCE = "ON CONFLICT DO NOTHING"
_PARCEL = "SELECT id FROM orders WHERE order_key = NEW.order_key"

ORDER_INDEX: tuple[str, ...] = (
    """CREATE TABLE order_index (
        id INTEGER PRIMARY KEY REFERENCES orders (id),
        terms BLOB NOT NULL,
        live INTEGER NOT NULL CHECK (live IN (0, 1)),
        owed INTEGER NOT NULL CHECK (owed IN (0, 1)),
        due_us INTEGER NOT NULL,
        walk TEXT NOT NULL,
        units INTEGER NOT NULL,
        reason TEXT,
        carrier TEXT,
        bin TEXT,
        sku TEXT,
        pool TEXT,
        id_tail INTEGER,
        number_tail INTEGER
    ) STRICT""",
    "CREATE INDEX order_index_by_due ON order_index (due_us, id) WHERE live = 1",
    "CREATE INDEX order_index_by_walk ON order_index (walk, id) WHERE live = 1",
    "CREATE INDEX order_index_owed ON order_index (due_us) WHERE owed = 1",
    "CREATE INDEX order_index_by_id_tail ON order_index (id_tail) WHERE id_tail IS NOT NULL",
    """CREATE INDEX order_index_by_number_tail ON order_index (number_tail)
        WHERE number_tail IS NOT NULL""",
    """CREATE TABLE order_terms (
        id INTEGER PRIMARY KEY,
        attr INTEGER NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (attr, value)
    ) STRICT""",
    """CREATE TABLE order_bits (
        term INTEGER NOT NULL REFERENCES order_terms (id),
        chunk INTEGER NOT NULL CHECK (chunk >= 0),
        count INTEGER NOT NULL CHECK (count > 0),
        bits BLOB NOT NULL,
        PRIMARY KEY (term, chunk)
    ) STRICT, WITHOUT ROWID""",
    # Every SKU with each of its titles, once; the id is that of its term.
    """CREATE TABLE order_goods (
        id INTEGER PRIMARY KEY REFERENCES order_terms (id),
        sku TEXT NOT NULL,
        folded_sku TEXT NOT NULL,
        title TEXT NOT NULL,
        folded TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX order_goods_by_sku ON order_goods (folded_sku)",
    """CREATE TABLE order_grams (
        gram TEXT NOT NULL,
        goods INTEGER NOT NULL REFERENCES order_goods (id),
        PRIMARY KEY (gram, goods)
    ) STRICT, WITHOUT ROWID""",
    # Orders whose row must be written anew: noted in the transaction that changes them.
    "CREATE TABLE order_index_due (id INTEGER PRIMARY KEY) STRICT",
    "INSERT INTO order_index_due SELECT id FROM orders",
    f"""CREATE TRIGGER order_index_new AFTER INSERT ON orders
        BEGIN {_NOTE} VALUES (NEW.id) {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_changed AFTER UPDATE ON orders
        BEGIN {_NOTE} VALUES (NEW.id) {_ONCE}; END""",
    # What stops an order stops the parcel that it travels in.
    f"""CREATE TRIGGER order_index_member AFTER UPDATE ON orders
        WHEN coalesce(OLD.merged_into, NEW.merged_into, OLD.split, NEW.split) IS NOT NULL
        BEGIN {_NOTE} SELECT o.id FROM shipment_members AS m JOIN orders AS o
            ON o.order_key = m.shipment WHERE m.member = NEW.order_key {_ONCE}; END""",
    *(
        f"""CREATE TRIGGER order_index_number_{verb.lower()} AFTER {verb} ON carrier_numbers
            BEGIN {_NOTE} SELECT id FROM orders WHERE order_key = {row}.order_key {_ONCE}; END"""
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
    f"""CREATE TRIGGER order_index_opened AFTER INSERT ON parcels
        BEGIN {_NOTE} {_PARCEL} {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_moved AFTER UPDATE ON parcels
        BEGIN {_NOTE} {_PARCEL} {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_print AFTER INSERT ON print_jobs WHEN NEW.kind = 'label'
        BEGIN {_NOTE} SELECT id FROM orders WHERE order_key = NEW.key {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_printed AFTER UPDATE OF outcome ON print_jobs
        WHEN NEW.kind = 'label'
        BEGIN {_NOTE} SELECT id FROM orders WHERE order_key = NEW.key {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_wave AFTER INSERT ON wave_orders
        BEGIN {_NOTE} {_PARCEL} {_ONCE}; END""",
    f"""CREATE TRIGGER order_index_wave_left AFTER UPDATE ON wave_orders
        BEGIN {_NOTE} {_PARCEL} {_ONCE}; END""",
    # Counted where it changes: asked once a second, and there may be very many.
    "CREATE TABLE order_counts (name TEXT PRIMARY KEY, orders INTEGER NOT NULL) STRICT",
    """INSERT INTO order_counts
        SELECT 'unsynced', count(*) FROM streams WHERE pending > 0""",
    """CREATE TRIGGER order_counts_first AFTER INSERT ON streams WHEN NEW.pending > 0
        BEGIN UPDATE order_counts SET orders = orders + 1 WHERE name = 'unsynced'; END""",
    """CREATE TRIGGER order_counts_moved AFTER UPDATE OF pending ON streams
        WHEN (OLD.pending > 0) <> (NEW.pending > 0)
        BEGIN UPDATE order_counts SET orders = orders + iif(NEW.pending > 0, 1, -1)
        WHERE name = 'unsynced'; END""",
    # The account name's keyed digest lies with the person and is forgotten with it.
    "ALTER TABLE people ADD COLUMN nick BLOB",
    "CREATE INDEX people_by_nick ON people (nick) WHERE nick IS NOT NULL",
)
