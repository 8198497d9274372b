-- Checks the audit: returns no row when it is intact, else one row, the first bad entry (its id, and
-- what is wrong with it). Needs nothing but the sqlite3 shell, which has sha3() built in:
--
--   sqlite3 -readonly cosell-sync.db < verify_audit.sql
--
-- The hash of an entry is the lower-case hexadecimal SHA3-256 of the previous entry's hash ('' for
-- the first) followed by the entry's text, and the text is the JSON array written out below. Values
-- are outside it; their salted hashes are in it. A value that was erased is not an error: the entry
-- still proves that, when and why something was written.
WITH entry AS (
  SELECT
    a.id,
    lag(a.id, 1, 0) OVER (ORDER BY a.id) AS previous_id,
    a.hash,
    lower(hex(sha3(
      lag(a.hash, 1, '') OVER (ORDER BY a.id) ||
      json_array(a.id, a.at, a.connection, a.side, a.record_kind, a.record_id, a.referral_id,
                 a.operation, a.field, a.before_hash, a.after_hash, a.reason, a.rule, a.cause,
                 a.run_id, a.correlation_id, a.outcome, a.duration_ms),
      256))) AS expected_hash,
    v.audit_id IS NOT NULL AS has_values,
    a.before_hash,
    a.after_hash,
    CASE WHEN v.before IS NOT NULL THEN lower(hex(sha3(v.value_salt || v.before, 256))) END
      AS expected_before_hash,
    CASE WHEN v.after IS NOT NULL THEN lower(hex(sha3(v.value_salt || v.after, 256))) END
      AS expected_after_hash
  FROM audit AS a LEFT JOIN audit_value AS v ON v.audit_id = a.id
),
problem AS (
  SELECT id, CASE
    WHEN id <> previous_id + 1
      THEN 'entries before this one are missing: ' || (previous_id + 1) || ' to ' || (id - 1)
    WHEN hash <> expected_hash
      THEN 'the entry, its hash or its place in the chain was changed'
    WHEN has_values AND before_hash IS NOT expected_before_hash
      THEN 'the value before, or its salt, was changed'
    WHEN has_values AND after_hash IS NOT expected_after_hash
      THEN 'the value after, or its salt, was changed'
    END AS problem
  FROM entry
),
missing_end AS (
  -- AUTOINCREMENT remembers the highest id ever given.
  SELECT last.id + 1 AS id,
    'entries at the end are missing: ' || (last.id + 1) || ' to ' || given.seq AS problem
  FROM (SELECT coalesce(max(id), 0) AS id FROM audit) AS last
  JOIN sqlite_sequence AS given ON given.name = 'audit' AND given.seq > last.id
)
SELECT id, problem FROM (
  SELECT id, problem FROM (SELECT id, problem FROM problem WHERE problem IS NOT NULL
                           ORDER BY id LIMIT 1)
  UNION ALL
  SELECT id, problem FROM missing_end
)
ORDER BY id LIMIT 1;
