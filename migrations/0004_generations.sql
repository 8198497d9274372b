-- The lives of a database, the account of what it did not see, and bases that come from an older copy.

ALTER TABLE link ADD COLUMN base_in_doubt INTEGER NOT NULL DEFAULT 0
  CHECK (base_in_doubt IN (0, 1));

CREATE TABLE generation (
  -- The lives of this database. A new one begins with the file, and whenever it goes on from anything
  -- but its own newest state: a restored backup, an older copy, what was salvaged. The newest row is
  -- also written to the file "<database>.generation" beside the database; where that one knows a
  -- later state, this database is an older copy (docs/decisions/0012-generations.md).

  -- 1, 2, 3, ...
  number INTEGER PRIMARY KEY,
  -- 32 random hexadecimal digits.
  id TEXT NOT NULL UNIQUE,
  began_at INTEGER NOT NULL,
  -- 'created', 'lost', 'rebuilt', 'salvaged', 'restored', 'older_copy' or 'moved'.
  origin TEXT NOT NULL,
  -- For a person.
  reason TEXT NOT NULL,
  -- Counts up when the database is opened or closed and after rounds that wrote something.
  marks INTEGER NOT NULL DEFAULT 0,
  -- When it last did.
  marked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE gap (
  -- A stretch of time the service did not see, and what came of it: the certificate behind the view
  -- gap_certificates. Counts are filled in when it is closed.

  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- 'downtime', or the origin of the generation that began it.
  cause TEXT NOT NULL,
  -- When both sides had last been read before it. NULL: unknown.
  from_at INTEGER,
  -- When it was noticed.
  found_at INTEGER NOT NULL,
  -- The last audit entry then.
  audit_from INTEGER NOT NULL,
  -- When both sides had been read again. NULL: not yet.
  read_at INTEGER,
  -- 1: every record was read; 0: what the sides list as changed.
  whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)),
  -- When all of it was worked off. NULL: not yet.
  closed_at INTEGER,
  -- The last audit entry then.
  audit_until INTEGER,
  -- Links whose bases came into doubt (link.base_in_doubt).
  doubted INTEGER NOT NULL DEFAULT 0,
  -- The rest is one JSON object of counts, by the names the view gives them.
  counts TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- At most one open gap a connection.
CREATE UNIQUE INDEX gap_open ON gap(connection_id) WHERE closed_at IS NULL;

CREATE TABLE gap_change (
  -- Records found new, changed or gone while a gap is open. Emptied when it is closed.

  gap_id INTEGER NOT NULL REFERENCES gap(id),
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  record_id TEXT NOT NULL,
  -- 'new', 'changed' or 'gone'.
  what TEXT NOT NULL,
  -- 1: an event had told of it.
  announced INTEGER NOT NULL CHECK (announced IN (0, 1)),
  PRIMARY KEY (gap_id, side, record_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_stamp (
  -- The stamps of both records as an older copy of the database knew them, until both sides have been
  -- read: then it is decided whose bases are in doubt.

  link_id INTEGER PRIMARY KEY REFERENCES link(id),
  -- changed_at_ticks of the referral. NULL: not known.
  referral_ticks INTEGER,
  -- changed_at_ticks of the CRM record. NULL: not known.
  crm_ticks INTEGER
) STRICT;

CREATE VIEW gap_certificates AS
-- Stretches of time the service did not see, and the account of each: what was found changed since,
-- and what became of it. Every concerned pair is in exactly one of written, unchanged, conflicting,
-- set_aside, waiting, left_alone and ended.
SELECT
  -- Number of the certificate.
  g.id AS id,
  -- Name of the connection.
  c.name AS connection,
  -- 'downtime', 'lost', 'rebuilt', 'salvaged', 'restored', 'older_copy' or 'moved'.
  g.cause AS cause,
  -- When both sides had last been read before; NULL when that is not known.
  strftime('%Y-%m-%dT%H:%M:%fZ', g.from_at / 1000.0, 'unixepoch') AS from_at,
  -- When both sides had been read again: the interval ends there; NULL while it is open.
  strftime('%Y-%m-%dT%H:%M:%fZ', g.read_at / 1000.0, 'unixepoch') AS until_at,
  -- When everything found was worked off; NULL while it is open.
  strftime('%Y-%m-%dT%H:%M:%fZ', g.closed_at / 1000.0, 'unixepoch') AS closed_at,
  -- 1: every record of both sides was read; 0: what they list as changed.
  g.whole AS whole,
  -- Referrals found new.
  g.counts ->> 'referrals_new' AS referrals_new,
  -- Referrals found changed in a mapped field.
  g.counts ->> 'referrals_changed' AS referrals_changed,
  -- CRM records found new.
  g.counts ->> 'crm_records_new' AS crm_records_new,
  -- CRM records found changed in a mapped field.
  g.counts ->> 'crm_records_changed' AS crm_records_changed,
  -- CRM records found deleted.
  g.counts ->> 'crm_records_gone' AS crm_records_gone,
  -- How many of all these no event had told of.
  g.counts ->> 'events_missing' AS events_missing,
  -- Pairs, and records without a pair yet, that these belong to.
  g.counts ->> 'links' AS links,
  -- Of these: written to, on one side or both, and at rest.
  g.counts ->> 'written' AS written,
  -- Of these: the two sides agreed already; nothing had to be done.
  g.counts ->> 'unchanged' AS unchanged,
  -- Of these: a field waits for a person.
  g.counts ->> 'conflicting' AS conflicting,
  -- Of these: set aside after a refusal.
  g.counts ->> 'set_aside' AS set_aside,
  -- Of these: not shared yet, because something is missing.
  g.counts ->> 'waiting' AS waiting,
  -- Of these: not ours to sync.
  g.counts ->> 'left_alone' AS left_alone,
  -- Of these: the pair has ended.
  g.counts ->> 'ended' AS ended,
  -- Found records that belong to no link, such as Microsoft's own part of a deal.
  g.counts ->> 'without_link' AS without_link,
  -- Records written in Partner Center meanwhile.
  g.counts ->> 'writes_partner_center' AS writes_partner_center,
  -- Records written in the CRM meanwhile.
  g.counts ->> 'writes_crm' AS writes_crm,
  -- Links whose bases could not be trusted, because they came from an older copy.
  g.doubted AS doubted,
  -- The writes are the audit entries after this one ...
  g.audit_from AS audit_from,
  -- ... up to this one.
  g.audit_until AS audit_until
FROM gap AS g JOIN connection AS c ON c.id = g.connection_id;

CREATE VIEW generations AS
-- The lives of this database: when it was created, restored, found to be an older copy, rebuilt.
SELECT
  -- 1, 2, 3, ...
  n.number AS number,
  -- Random.
  n.id AS id,
  -- When it began.
  strftime('%Y-%m-%dT%H:%M:%fZ', n.began_at / 1000.0, 'unixepoch') AS began_at,
  -- 'created', 'lost', 'rebuilt', 'salvaged', 'restored', 'older_copy' or 'moved'.
  n.origin AS origin,
  -- Why, for a person.
  nullif(n.reason, '') AS reason,
  -- When this generation was last known to be the newest.
  strftime('%Y-%m-%dT%H:%M:%fZ', n.marked_at / 1000.0, 'unixepoch') AS marked_at
FROM generation AS n;

UPDATE meta SET value = 4;
