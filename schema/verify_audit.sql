-- Checks the audit: returns no row when it is intact, else one row, the first bad entry (its id, and
-- what is wrong with it). Needs nothing but the sqlite3 shell (3.35 or later), which has sha3():
--
--   sqlite3 -readonly cosell-sync.db < verify_audit.sql
--
-- The hash of an entry is the lower-case hexadecimal SHA3-256 of the previous entry's hash ('' for
-- the first) followed by the entry's text, and the text is the JSON array written out below. Where
-- old entries were removed, the last row of audit_checkpoint takes the place of the previous entry.
-- Values are outside the text; their salted hashes are in it. A value that was erased is not an
-- error: the entry still proves that, when and why something was written.
--
-- Entries that were lost with a damaged file are no error where that is recorded: an entry with the
-- operation 'break' names the missing numbers in record_id ("17-40"). The entry after them is then not
-- compared with a hash nobody has any more. Every break there is:
--   SELECT at, record_id, reason FROM audit_log WHERE operation = 'break';
WITH start AS (
  SELECT coalesce(max(through_id), 0) AS id,
         coalesce((SELECT hash FROM audit_checkpoint ORDER BY through_id DESC LIMIT 1), '') AS hash
  FROM audit_checkpoint
),
entry AS NOT MATERIALIZED (
  SELECT id, hash, before_hash, after_hash,
    CASE WHEN request_id IS NULL THEN
      json_array(id, at, connection, side, record_kind, record_id, referral_id, operation, field,
                 before_hash, after_hash, reason, rule, cause, run_id, correlation_id, outcome,
                 duration_ms)
    ELSE
      json_array(id, at, connection, side, record_kind, record_id, referral_id, operation, field,
                 before_hash, after_hash, reason, rule, cause, run_id, correlation_id, outcome,
                 duration_ms, request_id)
    END AS text
  FROM audit
),
-- Everything that must hold of one entry, beside the entry before it and its values.
suspect AS (
  SELECT a.id,
    CASE
      WHEN a.id <= start.id THEN 'left behind'
      WHEN a.id > start.id + 1 AND p.id IS NULL AND NOT EXISTS (
          SELECT 1 FROM audit AS b
          WHERE b.operation = 'break' AND b.record_id =
            (max(start.id, coalesce((SELECT max(id) FROM audit WHERE id < a.id), 0)) + 1) || '-' ||
            (a.id - 1))
        THEN 'missing'
      WHEN (p.id IS NOT NULL OR a.id = start.id + 1) AND a.hash <> lower(hex(sha3(coalesce(p.hash, start.hash) || a.text, 256))) THEN 'hash'
      WHEN v.audit_id IS NOT NULL AND a.before_hash IS NOT
           CASE WHEN v.before IS NOT NULL THEN lower(hex(sha3(v.value_salt || v.before, 256))) END
        THEN 'before'
      WHEN v.audit_id IS NOT NULL AND a.after_hash IS NOT
           CASE WHEN v.after IS NOT NULL THEN lower(hex(sha3(v.value_salt || v.after, 256))) END
        THEN 'after'
    END AS fault
  FROM start CROSS JOIN entry AS a
  LEFT JOIN audit AS p ON p.id = a.id - 1 AND p.id > start.id
  LEFT JOIN audit_value AS v ON v.audit_id = a.id
),
first_bad AS (
  SELECT id, fault FROM suspect WHERE fault IS NOT NULL ORDER BY id LIMIT 1
),
-- A text or a hash that does not fit: which of the two the next entry was built on tells which was
-- changed.
explained AS (
  SELECT b.id, CASE b.fault
    WHEN 'left behind' THEN 'a checkpoint says that this entry was removed, but it is there'
    WHEN 'missing' THEN 'entries before this one are missing: ' ||
      (SELECT max(start.id, coalesce((SELECT max(id) FROM audit WHERE id < b.id), 0)) + 1
       FROM start) || ' to ' || (b.id - 1)
    WHEN 'before' THEN 'the value before, or its salt, was changed'
    WHEN 'after' THEN 'the value after, or its salt, was changed'
    WHEN 'hash' THEN CASE
      WHEN n.id IS NULL THEN 'its text or its hash was changed'
      WHEN n.hash = lower(hex(sha3(a.hash || n.text, 256))) THEN 'its text was changed'
      WHEN n.hash = lower(hex(sha3(lower(hex(sha3(coalesce(
             (SELECT hash FROM audit WHERE id = b.id - 1), (SELECT hash FROM start)) || a.text,
             256))) || n.text, 256))) THEN 'its hash was changed'
      ELSE 'it does not belong here: it was moved or exchanged, or more than one entry was changed'
      END
    END AS problem
  FROM first_bad AS b JOIN entry AS a ON a.id = b.id LEFT JOIN entry AS n ON n.id = b.id + 1
),
missing_end AS (
  -- AUTOINCREMENT remembers the highest id ever given.
  SELECT last.id + 1 AS id,
    'entries at the end are missing: ' || (last.id + 1) || ' to ' || given.seq AS problem
  FROM (SELECT max(start.id, coalesce((SELECT max(id) FROM audit), 0)) AS id FROM start) AS last
  JOIN sqlite_sequence AS given ON given.name = 'audit' AND given.seq > last.id
),
untold AS (
  -- What removes entries says so in the chain.
  SELECT start.id + 1 AS id, 'the chain begins with a checkpoint that no entry tells of' AS problem
  FROM start WHERE start.id > 0 AND NOT EXISTS (
    SELECT 1 FROM audit WHERE nullif(record_id, '') = start.id || ':' || start.hash AND
                              operation = 'prune')
)
SELECT id, problem FROM (
  SELECT id, problem FROM explained
  UNION ALL
  SELECT id, problem FROM missing_end
  UNION ALL
  SELECT id, problem FROM untold
)
ORDER BY id LIMIT 1;
