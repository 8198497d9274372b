-- How long changes took from one side to the other, for reports.

CREATE TABLE write_time (
  -- How long a change took from one side to the other: one row for each confirmed write of a
  -- referral, opportunity or lead for which a change had been waiting. For statistics.

  audit_id INTEGER PRIMARY KEY REFERENCES audit(id) ON DELETE CASCADE,
  -- When the other side's record was changed: its own stamp, moved onto our clock.
  changed_at INTEGER NOT NULL,
  -- When the service had read that change. NULL: it was read before, and the write had failed then.
  noticed_at INTEGER
) STRICT;

UPDATE meta SET value = 5;
