-- What both sides were at any time, the remote's own request ids, checkpoints of a shortened audit,
-- and what must not come back of an erased person. Indexes serve the conditions people put on views.

ALTER TABLE audit ADD COLUMN request_id TEXT;

DROP INDEX audit_record;
DROP INDEX audit_referral;
DROP INDEX audit_correlation;
CREATE INDEX audit_record ON audit(nullif(record_id, ''));
CREATE INDEX audit_referral ON audit(nullif(referral_id, ''));
CREATE INDEX audit_correlation ON audit(nullif(correlation_id, ''));
CREATE INDEX audit_run ON audit(nullif(run_id, ''));
CREATE INDEX audit_at ON audit(strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch'));

CREATE TABLE audit_checkpoint (
  -- Where the chain begins since entries older than `audit.retention_days` were removed: one row per
  -- removal, the last one counts. An entry of the audit with operation 'prune' tells of each.

  -- The last entry that was removed.
  through_id INTEGER PRIMARY KEY,
  -- Its hash, on which the first remaining entry builds.
  hash TEXT NOT NULL,
  -- When that entry was written.
  through_at INTEGER NOT NULL,
  -- When the entries were removed.
  pruned_at INTEGER NOT NULL
) STRICT;

DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.id > coalesce((SELECT max(through_id) FROM audit_checkpoint), 0) BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only: entries are never deleted');
END;
CREATE TRIGGER audit_checkpoint_fits BEFORE INSERT ON audit_checkpoint
WHEN NOT EXISTS (SELECT 1 FROM audit WHERE id = NEW.through_id AND hash = NEW.hash) OR
     NEW.through_id <= (SELECT max(through_id) FROM audit_checkpoint) BEGIN
  SELECT RAISE(ABORT, 'a checkpoint names an entry of the audit that is there, after the last one');
END;
CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint BEGIN
  SELECT RAISE(ABORT, 'checkpoints of the audit are append-only');
END;
CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint BEGIN
  SELECT RAISE(ABORT, 'checkpoints of the audit are append-only');
END;

ALTER TABLE referral ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE crm_record ADD COLUMN fields TEXT NOT NULL DEFAULT '';

CREATE TABLE record_change (
  -- Every version of a remote record that was seen, as far as its mapped fields differ from the
  -- version before: what `show --at` and `explain` tell of the two sides.

  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  record_id TEXT NOT NULL,
  -- When the record became so: the remote's stamp moved onto our clock where its offset is known,
  -- else when it was seen.
  changed_at INTEGER NOT NULL,
  -- When it was read.
  seen_at INTEGER NOT NULL,
  -- What brought it: 'event', 'poll', 'sweep', 'read' (again, after a refusal), 'answer' (to a write
  -- of ours) or 'lookup' (of a write without an answer).
  source TEXT NOT NULL,
  -- 'event': its name and when it was received. 'answer', 'lookup': the write's correlation id.
  detail TEXT NOT NULL,
  -- 1: the remote side no longer has it.
  deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  -- A JSON object: field -> value, null for none. The first version has all fields. (personal)
  changes TEXT NOT NULL
) STRICT;

CREATE INDEX record_change_record ON record_change(connection_id, side, record_id);

CREATE TABLE link_change (
  -- Every state a link was in: its two records, and how the bases differ from the row before.

  id INTEGER PRIMARY KEY,
  link_id INTEGER NOT NULL REFERENCES link(id),
  at INTEGER NOT NULL,
  -- '' while there is none.
  referral_id TEXT NOT NULL,
  -- '' while there is none.
  crm_id TEXT NOT NULL,
  record_kind TEXT NOT NULL,
  -- As in the table link.
  state TEXT NOT NULL,
  -- Why, for a person.
  reason TEXT NOT NULL,
  -- Members of link.base_partner_center that differ, "~gone" lists those that are no longer there;
  -- '': none. (personal)
  base_partner_center TEXT NOT NULL,
  -- The same of link.base_crm. (personal)
  base_crm TEXT NOT NULL
) STRICT;

CREATE INDEX link_change_link ON link_change(link_id);

CREATE TABLE erased_phrase (
  -- What is known of people whose data was erased: enough to recognise it when it comes again, and
  -- not to read it. Rows are removed by `cosell-sync redact ID --allow`.

  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- SHA3-256 of `salt` and the words, in lower case with single blanks.
  hash TEXT NOT NULL,
  -- The same in all rows of a connection, so that a text is looked through once.
  salt TEXT NOT NULL,
  -- Number of words; 0: the id that was given to `redact`, so that --allow finds it.
  words INTEGER NOT NULL,
  -- 1: a first name, a title, ...: recognised only beside a whole phrase of the list.
  part INTEGER NOT NULL CHECK (part IN (0, 1)),
  -- The same for all that is known of one person.
  person INTEGER NOT NULL,
  erased_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, hash)
) STRICT, WITHOUT ROWID;

INSERT INTO link_change(link_id, at, referral_id, crm_id, record_kind, state, reason,
                        base_partner_center, base_crm)
SELECT id, coalesce(last_synced_at, 0), coalesce(referral_id, ''), coalesce(crm_id, ''), record_kind,
       state, reason, base_partner_center, coalesce(base_crm, base_partner_center)
FROM link;

DROP VIEW audit_log;
DROP VIEW sync_runs;
CREATE VIEW audit_log AS
-- One row per remote write or refused attempt, in the order they happened.
SELECT
  -- 1, 2, 3, ... without a gap.
  a.id AS id,
  -- When.
  strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') AS at,
  -- Name of the connection.
  a.connection AS connection,
  -- Which side was written: 'partner_center' or 'crm'.
  a.side AS side,
  -- What was written: 'referral', 'opportunity', 'account', ...
  a.record_kind AS record_kind,
  -- Its id on that side.
  nullif(a.record_id, '') AS record_id,
  -- The referral of the pair.
  nullif(a.referral_id, '') AS referral_id,
  -- 'create', 'update', 'close', 'qualify', 'delete'; 'unlink', 'relink', 'follow', 'redact' and
  -- 'prune' write nothing remote.
  a.operation AS operation,
  -- The fields written, separated by commas.
  nullif(a.field, '') AS field,
  -- The value before: plain for one field, a JSON object by field for several; NULL when there was
  -- none or it was erased.
  v.before AS before,
  -- The value after, likewise.
  v.after AS after,
  -- Why, for a person.
  nullif(a.reason, '') AS reason,
  -- The rule that decided; where the fields have different ones, one for each, separated by commas.
  nullif(a.rule, '') AS rule,
  -- What started the work.
  nullif(a.cause, '') AS cause,
  -- The pass of work: sync_runs.id.
  nullif(a.run_id, '') AS run_id,
  -- Ours: sent with the request, found in the remote side's own logs.
  nullif(a.correlation_id, '') AS correlation_id,
  -- 'done', 'adopted', 'unknown', 'not_done', 'refused', 'failed'.
  a.outcome AS outcome,
  -- How long the remote call took.
  a.duration_ms AS duration_ms,
  -- The entry's link in the chain; verify_audit.sql checks it.
  a.hash AS hash,
  -- The remote side's own id of the request, for its support; NULL where it gave none.
  a.request_id AS request_id
FROM audit AS a LEFT JOIN audit_value AS v ON v.audit_id = a.id;

CREATE VIEW sync_runs AS
-- Passes of work and what they did.
SELECT
  -- GUID.
  r.id AS id,
  -- Name of the connection.
  c.name AS connection,
  -- 'start', 'poll', 'event', 'sweep', 'rebuild' or 'apply'.
  r.kind AS kind,
  -- When it began.
  strftime('%Y-%m-%dT%H:%M:%fZ', r.started_at / 1000.0, 'unixepoch') AS started_at,
  -- When it ended; NULL while it runs, or when it was interrupted.
  strftime('%Y-%m-%dT%H:%M:%fZ', r.finished_at / 1000.0, 'unixepoch') AS finished_at,
  -- Remote records read.
  r.read AS read,
  -- Remote writes planned.
  r.planned AS planned,
  -- Remote writes that succeeded.
  r.written AS written,
  -- Remote writes that failed.
  r.failed AS failed,
  -- Conflicts met.
  r.conflicts AS conflicts,
  -- 'running', 'done', 'stopped: <rail>' or 'failed: <reason>'.
  r.outcome AS outcome
FROM run AS r JOIN connection AS c ON c.id = r.connection_id;

CREATE VIEW record_history AS
-- Every version of a remote record that was seen, one row per field that changed with it.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- 'partner_center' or 'crm'.
  r.side AS side,
  -- The record's id on that side.
  r.record_id AS record_id,
  -- The mapping's name of the field; NULL in the row that tells of a deletion.
  f.key AS field,
  -- The value; NULL for none.
  f.value AS value,
  -- When the record became so, on our clock.
  strftime('%Y-%m-%dT%H:%M:%fZ', r.changed_at / 1000.0, 'unixepoch') AS changed_at,
  -- When it was read.
  strftime('%Y-%m-%dT%H:%M:%fZ', r.seen_at / 1000.0, 'unixepoch') AS seen_at,
  -- 'event', 'poll', 'sweep', 'read', 'answer' (to a write of ours) or 'lookup'.
  r.source AS source,
  -- The event's name and time, or the correlation id of our write.
  nullif(r.detail, '') AS detail,
  -- 1 from when the remote side no longer had it.
  r.deleted AS deleted
FROM record_change AS r
JOIN connection AS c ON c.id = r.connection_id
LEFT JOIN json_each(r.changes) AS f;

CREATE VIEW link_history AS
-- Every state a pair was in.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- The pair's number.
  h.link_id AS link,
  -- From when.
  strftime('%Y-%m-%dT%H:%M:%fZ', h.at / 1000.0, 'unixepoch') AS at,
  -- Its referral then.
  nullif(h.referral_id, '') AS referral_id,
  -- Its CRM record then.
  nullif(h.crm_id, '') AS crm_id,
  -- 'opportunity' or 'lead'.
  h.record_kind AS record_kind,
  -- As in the view links.
  h.state AS state,
  -- Why, for a person.
  nullif(h.reason, '') AS reason
FROM link_change AS h
JOIN link AS l ON l.id = h.link_id
JOIN connection AS c ON c.id = l.connection_id;

CREATE VIEW audit_checkpoints AS
-- Removals of old entries by `audit.retention_days`; the chain begins after the last one.
SELECT
  -- The last entry that was removed.
  through_id AS through_id,
  -- Its hash, on which the first remaining entry builds.
  hash AS hash,
  -- When that entry was written.
  strftime('%Y-%m-%dT%H:%M:%fZ', through_at / 1000.0, 'unixepoch') AS through_at,
  -- When the entries were removed.
  strftime('%Y-%m-%dT%H:%M:%fZ', pruned_at / 1000.0, 'unixepoch') AS pruned_at
FROM audit_checkpoint;

UPDATE meta SET value = 3;
