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
  -- 'create', 'update', 'close'.
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
  -- The rule that decided.
  nullif(a.rule, '') AS rule,
  -- What started the work.
  nullif(a.cause, '') AS cause,
  -- The pass of work: sync_runs.id.
  nullif(a.run_id, '') AS run_id,
  -- Sent with the request, found in the remote side's own logs.
  nullif(a.correlation_id, '') AS correlation_id,
  -- 'done', 'adopted', 'unknown', 'not_done', 'refused', 'failed'.
  a.outcome AS outcome,
  -- How long the remote call took.
  a.duration_ms AS duration_ms,
  -- The entry's link in the chain; verify_audit.sql checks it.
  a.hash AS hash
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
  -- 'start', 'poll', 'event', 'sweep' or 'rebuild'.
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
