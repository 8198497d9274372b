-- Decisions of a person, the loop breaker's starting point, and updates counted by pair. Fields whose
-- sides were left different under the rules of version 1 are marked as meant so.

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

ALTER TABLE link ADD COLUMN counted_from INTEGER;

DROP TABLE opened_update;
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

UPDATE link SET base_crm = json_set(base_crm, '$."~apart"', json((
    SELECT json_group_array(c.key) FROM json_each(link.base_crm) AS c
    WHERE c.value IS NOT (SELECT p.value FROM json_each(link.base_partner_center) AS p
                          WHERE p.key = c.key))))
WHERE base_crm IS NOT NULL AND json_valid(base_crm) AND json_valid(base_partner_center);

UPDATE meta SET value = 2;
