-- The operator's contract: views any SQLite tool may read while the service runs. Columns are added
-- at the end, never removed or renamed. Times are RFC 3339 in UTC with milliseconds; what is absent
-- is NULL.

CREATE VIEW links AS
-- The pairs of referral and CRM record, and how each stands.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- Partner Center's id of the referral; NULL while there is none.
  l.referral_id AS referral_id,
  -- The CRM's id of the record; NULL while there is none.
  l.crm_id AS crm_id,
  -- 'opportunity' or 'lead'.
  l.record_kind AS record_kind,
  -- 'pending', 'in_sync', 'waiting', 'conflict', 'quarantined', 'closed', 'left_alone', 'unlinked'.
  l.state AS state,
  -- Why, for a person.
  nullif(l.reason, '') AS reason,
  -- When the two sides were last found or made equal.
  strftime('%Y-%m-%dT%H:%M:%fZ', l.last_synced_at / 1000.0, 'unixepoch') AS last_synced_at
FROM link AS l JOIN connection AS c ON c.id = l.connection_id;

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

CREATE VIEW field_history AS
-- Every value a field had on one side, losing values of conflicts included.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- The pair's referral.
  l.referral_id AS referral_id,
  -- The pair's CRM record.
  l.crm_id AS crm_id,
  -- The mapping's name of the field.
  f.field AS field,
  -- The value; NULL for none.
  nullif(f.value, '') AS value,
  -- 'partner_center' or 'crm'.
  f.side AS side,
  -- When the value was seen or written.
  strftime('%Y-%m-%dT%H:%M:%fZ', f.at / 1000.0, 'unixepoch') AS at,
  -- What brought it.
  f.cause AS cause,
  -- What replaced it, and by which cause or rule; NULL while it is the value.
  nullif(f.superseded_by, '') AS superseded_by
FROM field_change AS f
JOIN link AS l ON l.id = f.link_id
JOIN connection AS c ON c.id = l.connection_id;

CREATE VIEW open_conflicts AS
-- Fields that wait for a person's decision.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- The pair's referral.
  l.referral_id AS referral_id,
  -- The pair's CRM record.
  l.crm_id AS crm_id,
  -- The mapping's name of the field.
  o.field AS field,
  -- What both sides last agreed on.
  nullif(o.base, '') AS base,
  -- What Partner Center says now.
  nullif(o.partner_center_value, '') AS partner_center_value,
  -- What the CRM says now.
  nullif(o.crm_value, '') AS crm_value,
  -- When it was first seen.
  strftime('%Y-%m-%dT%H:%M:%fZ', o.since / 1000.0, 'unixepoch') AS since
FROM conflict AS o
JOIN link AS l ON l.id = o.link_id
JOIN connection AS c ON c.id = l.connection_id;

CREATE VIEW sync_status AS
-- One row per connection: how it stands now.
SELECT
  -- Name of the connection.
  c.name AS connection,
  -- 'live' or 'shadow'.
  c.mode AS mode,
  -- 'ready', 'paused' or 'stopped'.
  c.state AS state,
  -- Why it is paused or stopped, and how to mend it.
  nullif(c.reason, '') AS reason,
  -- When the last event was received.
  strftime('%Y-%m-%dT%H:%M:%fZ', c.last_event_at / 1000.0, 'unixepoch') AS last_event_at,
  -- When the last complete pass over both sides ended well.
  strftime('%Y-%m-%dT%H:%M:%fZ', c.last_sweep_at / 1000.0, 'unixepoch') AS last_sweep_at,
  -- Age in seconds of the oldest waiting event or dirty link; 0 when nothing waits.
  max(0, CAST(strftime('%s', 'now') AS INTEGER) - coalesce((
    SELECT min(since) FROM (
      SELECT min(received_at) AS since FROM inbox WHERE connection_id = c.id
      UNION ALL
      SELECT min(dirty_since) FROM link
      WHERE connection_id = c.id AND
        (referral_hash <> seen_referral_hash OR crm_hash <> seen_crm_hash) AND state <> 'unlinked'
    )) / 1000, CAST(strftime('%s', 'now') AS INTEGER))) AS lag_s,
  -- Number of links.
  (SELECT count(*) FROM link WHERE connection_id = c.id) AS links,
  -- Number of fields that wait for a decision.
  (SELECT count(*) FROM conflict AS o CROSS JOIN link AS l ON l.id = o.link_id
   WHERE l.connection_id = c.id) AS open_conflicts,
  -- Number of links set aside after failures.
  (SELECT count(*) FROM link WHERE connection_id = c.id AND state = 'quarantined') AS quarantined
FROM connection AS c;

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
