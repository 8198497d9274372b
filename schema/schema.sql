-- The database of cosell-sync, whole and current. What a file really goes through stands in
-- migrations/; a test proves that both give the same schema.
--
-- Conventions
--   * Times are integers, milliseconds since 1970-01-01 UTC, and their columns end in _at, _since or
--     _before. A remote machine's own stamp has 100 ns resolution and its column ends in _ticks
--     (units of 100 ns since 1970-01-01 UTC). The views show times as RFC 3339 text.
--   * Text that is absent is '', not NULL, unless the comment of the column says otherwise.
--   * Ids of remote records are kept as the remote spells them: GUIDs in lower case.
--   * A column that may hold a person's data is marked (personal).
--
-- Part 1 must survive: it is nowhere else. Part 2 can be recomputed by `cosell-sync rebuild`.
-- Operators read the views (views.sql); tables may change with any version.

---------------------------------------------------------------------------------------------------
-- Part 1: must survive
---------------------------------------------------------------------------------------------------

CREATE TABLE meta (
  -- Which schema this file has. Two rows: 'schema_version' is the last migration applied,
  -- 'oldest_writer' the lowest schema version a program must know in order to work with this file.
  -- A program refuses a file whose oldest_writer is above its own version.

  -- 'schema_version' or 'oldest_writer'.
  key TEXT NOT NULL PRIMARY KEY,
  -- The number.
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE connection (
  -- One Partner Center account paired with one CRM organisation, as named in the configuration.
  -- Everything else belongs to one connection.

  id INTEGER PRIMARY KEY,
  -- As configured: letters, digits, hyphen.
  name TEXT NOT NULL UNIQUE,
  -- 'live', or 'shadow': reads both sides, writes nothing remote.
  mode TEXT NOT NULL,
  -- 'ready', 'paused' or 'stopped'.
  state TEXT NOT NULL DEFAULT 'ready',
  -- Why it is paused or stopped, and how to mend it.
  reason TEXT NOT NULL DEFAULT '',
  -- When the last new event was received. NULL: none yet.
  last_event_at INTEGER,
  -- When the last complete pass over both sides ended well. NULL: none yet.
  last_sweep_at INTEGER
) STRICT;

CREATE TABLE link (
  -- A referral paired with a CRM record, the base of each side, and what the pair was last worked on
  -- with. A link is dirty while a snapshot's hash differs from the seen one; the partial index
  -- link_dirty holds the dirty links only, so finding work costs what the work costs, however many
  -- links there are. The short columns stand before the long ones, so that scans stay cheap.

  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- NULL while there is no referral yet.
  referral_id TEXT,
  -- NULL while there is no CRM record yet.
  crm_id TEXT,
  -- Kind of the CRM record.
  record_kind TEXT NOT NULL CHECK (record_kind IN ('opportunity', 'lead')),
  -- 'pending', 'in_sync', 'waiting', 'conflict', 'quarantined', 'closed', 'left_alone', 'unlinked'.
  state TEXT NOT NULL,
  -- Content hash of the referral's snapshot; '' without one.
  referral_hash TEXT NOT NULL DEFAULT '',
  -- Content hash of the referral's snapshot when the link was last worked on.
  seen_referral_hash TEXT NOT NULL DEFAULT '',
  -- Content hash of the CRM record's snapshot; '' without one.
  crm_hash TEXT NOT NULL DEFAULT '',
  -- Content hash of the CRM record's snapshot when the link was last worked on.
  seen_crm_hash TEXT NOT NULL DEFAULT '',
  -- Since when the link is dirty. NULL: it is not.
  dirty_since INTEGER,
  -- Not worked on before this time, and looked at again then, changed or not. NULL: no such time.
  not_before INTEGER,
  -- Failures in a row.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When the two sides were last found or made equal. NULL: never.
  last_synced_at INTEGER,
  -- Groups all parties' referrals of one deal.
  engagement_id TEXT NOT NULL DEFAULT '',
  -- Microsoft's own referral of the same engagement.
  connected_referral_id TEXT NOT NULL DEFAULT '',
  -- Why the link is in this state, for a person.
  reason TEXT NOT NULL DEFAULT '',
  -- The last refusal written to the CRM's audit column, so that it is written once.
  notice TEXT NOT NULL DEFAULT '',
  -- The referral's fields when both sides last agreed: a JSON object. '': never yet. (personal)
  base_partner_center TEXT NOT NULL DEFAULT '',
  -- The CRM record's fields at that time; the member "~apart" lists those that were left different
  -- on purpose. NULL: equal to base_partner_center. (personal)
  base_crm TEXT,
  -- The loop breaker counts what was written after this time: a person has looked at the link then.
  -- NULL: never.
  counted_from INTEGER,
  -- 1: the bases come from an older copy of the database, and both records have changed since: a
  -- value that equals its base is no proof that nobody changed it.
  base_in_doubt INTEGER NOT NULL DEFAULT 0 CHECK (base_in_doubt IN (0, 1))
) STRICT;

-- At most one link per referral, and one per CRM record.
CREATE UNIQUE INDEX link_referral ON link(connection_id, referral_id) WHERE referral_id IS NOT NULL;
CREATE UNIQUE INDEX link_crm ON link(connection_id, crm_id) WHERE crm_id IS NOT NULL;
CREATE INDEX link_state ON link(connection_id, state);
-- The few that lack a side, so that pairs are counted without reading them.
CREATE INDEX link_one_sided ON link(connection_id, state)
  WHERE referral_id IS NULL OR crm_id IS NULL;
-- All links of a connection in order of id.
CREATE INDEX link_connection ON link(connection_id);
-- Work to do. A query uses this index only if it repeats the condition word for word.
CREATE INDEX link_dirty ON link(connection_id, dirty_since)
  WHERE (referral_hash <> seen_referral_hash OR crm_hash <> seen_crm_hash) AND state <> 'unlinked';
-- Links to look at again at a given time.
CREATE INDEX link_not_before ON link(connection_id, not_before)
  WHERE not_before IS NOT NULL AND state <> 'unlinked';

CREATE TABLE intent (
  -- A remote write that is planned or under way, durable before it is sent. The row is removed when
  -- the outcome is recorded; the audit keeps the story. A row found at start is in doubt: its effect
  -- is looked up before anything else happens to the link.

  -- GUID: idempotency key and correlation id.
  id TEXT NOT NULL PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  link_id INTEGER NOT NULL REFERENCES link(id),
  -- 'create_referral', 'create_connected_referral', 'update_referral', 'create_crm', 'update_crm' or
  -- 'close_crm'.
  operation TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  -- The record written; '' for a create whose id the remote gives.
  target_id TEXT NOT NULL,
  -- The precondition sent; '' for creates.
  etag TEXT NOT NULL,
  -- What is sent. (personal)
  body TEXT NOT NULL,
  -- The fields it changes: a JSON array of {field, before, after, rule, reason}. (personal)
  changes TEXT NOT NULL,
  -- For a person.
  reason TEXT NOT NULL,
  -- 'event', 'poll', 'sweep', 'person', 'retry', with the event's id where there is one.
  cause TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Newest stamp of that side before sending: where the lookup of an unknown create starts.
  lookup_from_ticks INTEGER NOT NULL
) STRICT;

CREATE INDEX intent_connection ON intent(connection_id, created_at);
CREATE INDEX intent_link ON intent(link_id);

CREATE TABLE inbox (
  -- Hints that something changed, acknowledged to their sender and not yet worked on. An event says
  -- which record to look at, never what it contains.

  -- In order of arrival; never used twice.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  -- 'webhook' or 'push'.
  source TEXT NOT NULL,
  -- The remote's name of the event: 'referral-updated', 'Update', ...
  name TEXT NOT NULL,
  -- Referral id or CRM id.
  record_id TEXT NOT NULL,
  record_kind TEXT NOT NULL CHECK (record_kind IN ('opportunity', 'lead')),
  -- When the remote says it happened. NULL: it did not say.
  changed_at_ticks INTEGER,
  -- Equal for repeated deliveries of one event.
  dedupe_key TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  -- How often it was tried in vain.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Not tried again before this time. NULL: at once.
  not_before INTEGER,
  UNIQUE (connection_id, dedupe_key)
) STRICT;

CREATE INDEX inbox_order ON inbox(connection_id, received_at);
CREATE INDEX inbox_not_before ON inbox(connection_id, not_before) WHERE not_before IS NOT NULL;

CREATE TABLE inbox_done (
  -- Keys of events that were worked on, kept for 7 days so that a late repeat is recognised.

  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- As it was in the inbox.
  dedupe_key TEXT NOT NULL,
  finished_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, dedupe_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_done_finished ON inbox_done(finished_at);

CREATE TABLE conflict (
  -- Fields both sides changed to different values and that wait for a person's decision. The row is
  -- removed with the decision; the losing value then stands in field_change.

  link_id INTEGER NOT NULL REFERENCES link(id),
  -- The mapping's name of the field.
  field TEXT NOT NULL,
  -- What both sides last agreed on. (personal)
  base TEXT NOT NULL,
  -- (personal)
  partner_center_value TEXT NOT NULL,
  -- (personal)
  crm_value TEXT NOT NULL,
  -- When it was first seen.
  since INTEGER NOT NULL,
  PRIMARY KEY (link_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
  -- What a person decided about a field both sides disagree on, until it is carried out. The row is
  -- removed with the write that carries it out, or when a side has changed since.

  link_id INTEGER NOT NULL REFERENCES link(id),
  -- The mapping's name of the field.
  field TEXT NOT NULL,
  -- 'partner_center', 'crm', 'leave' or 'lost_value'.
  take TEXT NOT NULL,
  -- As the person saw it. (personal)
  partner_center_value TEXT NOT NULL,
  -- As the person saw it. (personal)
  crm_value TEXT NOT NULL,
  -- 'lost_value': what is to come back on both sides; else ''. (personal)
  lost_value TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (link_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_change (
  -- Every value a field had on one side, and who brought it: the table behind the view
  -- field_history. The losing value of a conflict is here too, and can be brought back.

  id INTEGER PRIMARY KEY,
  link_id INTEGER NOT NULL REFERENCES link(id),
  -- The mapping's name of the field.
  field TEXT NOT NULL,
  -- (personal)
  value TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  at INTEGER NOT NULL,
  -- What brought the value.
  cause TEXT NOT NULL,
  -- '' while this is the value; then '<cause>: <value>' of what replaced it. (personal)
  superseded_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX field_change_link ON field_change(link_id, field, side);

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

CREATE TABLE audit (
  -- One entry per remote write or refused attempt: append-only, chained, and without any personal
  -- value. verify_audit.sql says how `hash` follows from the columns; any SQLite shell can check it.

  -- 1, 2, 3, ... without a gap; a missing number is a missing entry.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  -- Name of the connection, as it was then.
  connection TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('partner_center', 'crm')),
  -- What was written: 'referral', 'opportunity', 'account', 'contact', ...
  record_kind TEXT NOT NULL,
  record_id TEXT NOT NULL,
  -- The referral of the pair; '' before there is one.
  referral_id TEXT NOT NULL,
  -- 'create', 'update', 'close', 'qualify', 'delete'; 'unlink', 'relink' and 'follow' end, resume and
  -- move a pair, 'redact' erases values and 'prune' old entries, and write nothing remote.
  -- 'generation' begins a life of the database (rule: how), 'break' says which entries were lost with
  -- a damaged file (record_id: their numbers, "17-40"); both belong to no side, whatever stands there.
  operation TEXT NOT NULL,
  -- The mapping's names of the fields written, separated by commas.
  field TEXT NOT NULL,
  -- SHA3-256 of value_salt followed by the value before. NULL: there was no value.
  before_hash TEXT,
  -- SHA3-256 of value_salt followed by the value after. NULL: there is no value.
  after_hash TEXT,
  -- For a person.
  reason TEXT NOT NULL,
  -- The rule that decided; where the fields have different ones, one for each, separated by commas.
  rule TEXT NOT NULL,
  -- What started the work: 'event', 'poll', 'sweep', 'person', 'retry', ...
  cause TEXT NOT NULL,
  -- The pass of work it belongs to (table run).
  run_id TEXT NOT NULL,
  -- Sent with the request; two entries have the same one when an unknown outcome was resolved.
  correlation_id TEXT NOT NULL,
  -- 'done', 'adopted', 'unknown', 'not_done', 'refused', 'failed'.
  outcome TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  -- Lower-case hexadecimal SHA3-256 of the previous entry's hash followed by this entry's text.
  hash TEXT NOT NULL,
  -- The remote side's own id of the request. NULL: it gave none, and it is no part of the text.
  request_id TEXT
) STRICT;

-- As the view shows them, so that its conditions use them.
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

CREATE TABLE audit_value (
  -- The values of an audit entry, outside the chain. `cosell-sync redact` deletes the row: the entry
  -- and the chain stay valid, and because the salt goes with the values, they cannot be guessed from
  -- the hashes that remain.

  audit_id INTEGER PRIMARY KEY REFERENCES audit(id),
  -- 32 random hexadecimal digits, part of the input of before_hash and after_hash.
  value_salt TEXT NOT NULL,
  -- One field: its plain value. Several: a JSON object by field. NULL: none. (personal)
  before TEXT,
  -- As `before`. (personal)
  after TEXT
) STRICT;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only: entries are never changed');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.id > coalesce((SELECT max(through_id) FROM audit_checkpoint), 0) BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only: entries are never deleted');
END;
-- INSERT OR REPLACE would delete without asking the trigger above.
CREATE TRIGGER audit_only_append BEFORE INSERT ON audit
WHEN NEW.id <= (SELECT max(id) FROM audit) BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only: entries are added at its end');
END;
CREATE TRIGGER audit_value_no_update BEFORE UPDATE ON audit_value BEGIN
  SELECT RAISE(ABORT, 'values of the audit are never changed, only erased');
END;
CREATE TRIGGER audit_value_no_replace BEFORE INSERT ON audit_value
WHEN EXISTS (SELECT 1 FROM audit_value WHERE audit_id = NEW.audit_id) BEGIN
  SELECT RAISE(ABORT, 'values of the audit are never changed, only erased');
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

---------------------------------------------------------------------------------------------------
-- Part 2: a rebuild can recompute it
---------------------------------------------------------------------------------------------------

CREATE TABLE referral (
  -- Referrals as last read from Partner Center.

  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- Partner Center's id.
  record_id TEXT NOT NULL,
  -- Content hash of the mapped fields and of what the plan looks at besides.
  hash TEXT NOT NULL,
  -- updatedDateTime: orders the versions of this one referral.
  changed_at_ticks INTEGER NOT NULL,
  -- 1: Partner Center no longer has it.
  deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  -- Exactly as sent in If-Match.
  etag TEXT NOT NULL,
  -- externalReferenceId: the CRM record it names.
  counterpart_id TEXT NOT NULL,
  engagement_id TEXT NOT NULL,
  -- Whose referral it is; 'msft' for Microsoft's own.
  organization_id TEXT NOT NULL,
  -- The JSON exactly as received, without what belongs to an erased person. (personal)
  raw TEXT NOT NULL,
  -- Its mapped fields: a JSON object by field, null for none. '': not read since version 3. (personal)
  fields TEXT NOT NULL DEFAULT '',
  UNIQUE (connection_id, record_id)
) STRICT;

CREATE INDEX referral_changed ON referral(connection_id, changed_at_ticks);
CREATE INDEX referral_deleted ON referral(connection_id) WHERE deleted = 1;
CREATE INDEX referral_counterpart ON referral(connection_id, counterpart_id)
  WHERE counterpart_id <> '';
CREATE INDEX referral_engagement ON referral(connection_id, engagement_id)
  WHERE engagement_id <> '';

CREATE TABLE referral_read (
  -- When each referral was last read. A table of its own because a sweep sets it for every record:
  -- a few bytes are rewritten instead of the whole record.

  referral_row INTEGER PRIMARY KEY REFERENCES referral(id) ON DELETE CASCADE,
  read_at INTEGER NOT NULL,
  -- Our clock minus the remote's when it was read. NULL: unknown.
  clock_offset_ms INTEGER
) STRICT;

CREATE TABLE crm_record (
  -- Opportunities and leads as last read from the CRM.

  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- The CRM's id.
  record_id TEXT NOT NULL,
  record_kind TEXT NOT NULL CHECK (record_kind IN ('opportunity', 'lead')),
  -- Content hash of the mapped fields and of what the plan looks at besides.
  hash TEXT NOT NULL,
  -- modifiedon or SystemModstamp: orders the versions of this one record.
  changed_at_ticks INTEGER NOT NULL,
  -- 1: the CRM no longer has it.
  deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  -- As the precondition wants it; '' where the CRM has none.
  etag TEXT NOT NULL,
  -- The column Referral Identifier: the referral it names.
  counterpart_id TEXT NOT NULL,
  -- The record's columns as one JSON object. (personal)
  raw TEXT NOT NULL,
  -- Its mapped fields, as of a referral. (personal)
  fields TEXT NOT NULL DEFAULT '',
  UNIQUE (connection_id, record_id)
) STRICT;

CREATE INDEX crm_record_changed ON crm_record(connection_id, changed_at_ticks);
CREATE INDEX crm_record_deleted ON crm_record(connection_id) WHERE deleted = 1;
CREATE INDEX crm_record_counterpart ON crm_record(connection_id, counterpart_id)
  WHERE counterpart_id <> '';

CREATE TABLE crm_record_read (
  -- When each CRM record was last read; see referral_read.

  crm_record_row INTEGER PRIMARY KEY REFERENCES crm_record(id) ON DELETE CASCADE,
  read_at INTEGER NOT NULL,
  -- Our clock minus the remote's when it was read. NULL: unknown.
  clock_offset_ms INTEGER
) STRICT;

CREATE TABLE cursor (
  -- How far each feed of changes was read. Losing one costs a full read.

  connection_id INTEGER NOT NULL REFERENCES connection(id),
  name TEXT NOT NULL,
  -- Opaque: a delta link, a stamp.
  value TEXT NOT NULL,
  PRIMARY KEY (connection_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE opened_update (
  -- Updates of pairs planned lately that change what people see, for the ceiling on changes per
  -- rolling hour. Rows are kept for a day.

  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- When the intent was created.
  created_at INTEGER NOT NULL,
  link_id INTEGER NOT NULL REFERENCES link(id),
  intent_id TEXT NOT NULL,
  PRIMARY KEY (connection_id, created_at, intent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  -- Passes of work, for statistics.

  -- GUID.
  id TEXT NOT NULL PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connection(id),
  -- 'start', 'poll', 'event', 'sweep', 'rebuild' or 'apply'.
  kind TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- NULL: still running, or interrupted.
  finished_at INTEGER,
  -- Remote records read.
  read INTEGER NOT NULL,
  -- Remote writes planned.
  planned INTEGER NOT NULL,
  -- Remote writes that succeeded.
  written INTEGER NOT NULL,
  -- Remote writes that failed.
  failed INTEGER NOT NULL,
  -- Conflicts met.
  conflicts INTEGER NOT NULL,
  -- 'running', 'done', 'stopped: <rail>' or 'failed: <reason>'.
  outcome TEXT NOT NULL
) STRICT;

CREATE INDEX run_started ON run(connection_id, started_at);

CREATE TABLE write_time (
  -- How long a change took from one side to the other: one row for each confirmed write of a
  -- referral, opportunity or lead for which a change had been waiting. For statistics.

  audit_id INTEGER PRIMARY KEY REFERENCES audit(id) ON DELETE CASCADE,
  -- When the other side's record was changed: its own stamp, moved onto our clock.
  changed_at INTEGER NOT NULL,
  -- When the service had read that change. NULL: it was read before, and the write had failed then.
  noticed_at INTEGER
) STRICT;
