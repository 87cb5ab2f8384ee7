-- What is in the marts being built against `previous`. Documents are told apart by their content,
-- not by their names: a file that was moved has not changed.
INSERT INTO main.changes BY NAME
WITH fresh AS (
  SELECT * FROM main.report_versions AS new
  WHERE NOT EXISTS (
    SELECT 1 FROM previous.report_versions AS old
    WHERE old.sha256 = new.sha256 AND old.agency = new.agency AND old.year = new.year
  )
  QUALIFY row_number() OVER (PARTITION BY agency, year, sha256 ORDER BY source) = 1
),

gone AS (
  SELECT * FROM previous.report_versions AS old
  WHERE NOT EXISTS (
    SELECT 1 FROM main.report_versions AS new
    WHERE old.sha256 = new.sha256 AND old.agency = new.agency AND old.year = new.year
  )
  QUALIFY row_number() OVER (PARTITION BY agency, year, sha256 ORDER BY source) = 1
),

replaced AS (
  SELECT fresh.agency, fresh.year, fresh.source AS new_source, gone.source AS old_source
  FROM fresh
  JOIN gone ON gone.agency = fresh.agency AND gone.year = fresh.year
  QUALIFY row_number() OVER (
    PARTITION BY fresh.agency, fresh.year, fresh.source
    ORDER BY gone.source = fresh.source DESC, gone.published_on DESC NULLS LAST, gone.source
  ) = 1
),

facts AS (
  SELECT agency, year, 'new' AS side,
    form_table || '/' || form_row || '/' || form_column || '/' || state || '/' || raw AS fact
  FROM main.report_cells
  UNION ALL
  SELECT agency, year, 'new', section || coalesce(text, '') FROM main.sections
  UNION ALL
  SELECT agency, year, 'old',
    form_table || '/' || form_row || '/' || form_column || '/' || state || '/' || raw
  FROM previous.report_cells
  UNION ALL
  SELECT agency, year, 'old', section || coalesce(text, '') FROM previous.sections
),

hashed AS (
  SELECT agency, year,
    bit_xor(hash(fact)) FILTER (WHERE side = 'new') AS new_facts,
    bit_xor(hash(fact)) FILTER (WHERE side = 'old') AS old_facts
  FROM facts
  SEMI JOIN replaced USING (agency, year)
  GROUP BY agency, year
),

reports_changed AS (
  SELECT
    CASE
      WHEN fresh.published_on > gone.published_on THEN 'report.revised'
      WHEN hashed.new_facts IS NOT DISTINCT FROM hashed.old_facts THEN 'report.refetched'
      ELSE 'report.edited'
    END AS change,
    fresh.agency, fresh.year, gone.sha256 AS before, fresh.sha256 AS after, fresh.source
  FROM replaced
  JOIN fresh
    ON fresh.agency = replaced.agency AND fresh.year = replaced.year
    AND fresh.source = replaced.new_source
  JOIN gone
    ON gone.agency = replaced.agency AND gone.year = replaced.year
    AND gone.source = replaced.old_source
  LEFT JOIN hashed ON hashed.agency = fresh.agency AND hashed.year = fresh.year
  UNION ALL
  SELECT
    CASE
      WHEN other.agency IS NOT NULL THEN 'report.renamed'
      WHEN known.agency IS NOT NULL THEN 'report.version_added'
      ELSE 'report.added'
    END,
    fresh.agency, fresh.year, other.agency || ' ' || CAST(other.year AS VARCHAR),
    CASE WHEN other.agency IS NULL THEN fresh.sha256
      ELSE fresh.agency || ' ' || CAST(fresh.year AS VARCHAR) END,
    fresh.source
  FROM fresh
  LEFT JOIN replaced
    ON replaced.agency = fresh.agency AND replaced.year = fresh.year
    AND replaced.new_source = fresh.source
  LEFT JOIN (SELECT DISTINCT agency, year FROM previous.report_versions) AS known
    ON known.agency = fresh.agency AND known.year = fresh.year
  LEFT JOIN (
    SELECT sha256, min(agency) AS agency, min(year) AS year FROM gone GROUP BY sha256
  ) AS other ON other.sha256 = fresh.sha256
  WHERE replaced.agency IS NULL
  UNION ALL
  SELECT
    CASE WHEN known.agency IS NOT NULL THEN 'report.version_removed' ELSE 'report.removed' END,
    gone.agency, gone.year, gone.sha256, NULL, gone.source
  FROM gone
  LEFT JOIN (SELECT DISTINCT agency, year FROM main.report_versions) AS known
    ON known.agency = gone.agency AND known.year = gone.year
  WHERE
    NOT EXISTS (
      SELECT 1 FROM replaced
      WHERE
        replaced.agency = gone.agency AND replaced.year = gone.year
        AND replaced.old_source = gone.source
    )
    AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.sha256 = gone.sha256)
),

-- the reports whose cells are compared one by one
differing AS (
  SELECT coalesce(new.agency, old.agency) AS agency, coalesce(new.year, old.year) AS year
  FROM (
    SELECT agency, year, bit_xor(hash(form_table, form_row, form_column, value, state)) AS cells
    FROM main.report_cells
    GROUP BY agency, year
  ) AS new
  FULL OUTER JOIN (
    SELECT agency, year, bit_xor(hash(form_table, form_row, form_column, value, state)) AS cells
    FROM previous.report_cells
    GROUP BY agency, year
  ) AS old ON old.agency = new.agency AND old.year = new.year
  WHERE new.cells IS DISTINCT FROM old.cells
),

new_cells AS (
  SELECT cells.*, versions.sha256 FROM main.report_cells AS cells
  SEMI JOIN differing ON differing.agency = cells.agency AND differing.year = cells.year
  JOIN main.report_versions AS versions
    ON versions.agency = cells.agency AND versions.year = cells.year AND versions.is_in_force
  SEMI JOIN previous.report_versions AS old
    ON old.agency = cells.agency AND old.year = cells.year
),

old_cells AS (
  SELECT cells.*, versions.sha256 FROM previous.report_cells AS cells
  SEMI JOIN differing ON differing.agency = cells.agency AND differing.year = cells.year
  JOIN previous.report_versions AS versions
    ON versions.agency = cells.agency AND versions.year = cells.year AND versions.is_in_force
  SEMI JOIN main.report_versions AS new
    ON new.agency = cells.agency AND new.year = cells.year
),

in_force AS (
  SELECT new.agency, new.year, new.source,
    new.sha256 = old.sha256 AS is_same_document
  FROM main.report_versions AS new
  JOIN previous.report_versions AS old
    ON old.agency = new.agency AND old.year = new.year AND old.is_in_force
  WHERE new.is_in_force
),

cells_changed AS (
  SELECT
    coalesce(new.agency, old.agency) AS agency,
    coalesce(new.year, old.year) AS year,
    coalesce(new.form_table, old.form_table) AS form_table,
    coalesce(new.form_row, old.form_row) AS form_row,
    coalesce(new.form_column, old.form_column) AS form_column,
    CASE WHEN old.state = 'reported' THEN old.raw ELSE old.state END AS before,
    CASE WHEN new.state = 'reported' THEN new.raw ELSE new.state END AS after
  FROM new_cells AS new
  FULL OUTER JOIN old_cells AS old
    ON old.agency = new.agency AND old.year = new.year AND old.form_table = new.form_table
    AND old.form_row = new.form_row AND old.form_column = new.form_column
  WHERE
    new.value IS DISTINCT FROM old.value OR new.state IS DISTINCT FROM old.state
),

logs AS (
  SELECT source, 'new' AS side, min(agency) AS first_agency, max(agency) AS last_agency,
    count(*) AS items, bit_xor(hash(item_id)) AS content
  FROM main.publications GROUP BY source
  UNION ALL
  SELECT source, 'old', min(agency), max(agency), count(*), bit_xor(hash(item_id))
  FROM previous.publications GROUP BY source
),

logs_changed AS (
  SELECT
    source,
    CASE WHEN min(first_agency) = max(last_agency) THEN min(first_agency) END AS agency,
    CAST(max(items) FILTER (WHERE side = 'old') AS VARCHAR) AS before,
    CAST(max(items) FILTER (WHERE side = 'new') AS VARCHAR) AS after
  FROM logs
  GROUP BY source
  HAVING
    max(content) FILTER (WHERE side = 'old')
    IS DISTINCT FROM max(content) FILTER (WHERE side = 'new')
)

SELECT $refresh_id AS refresh_id, change, agency, year, CAST(NULL AS VARCHAR) AS form_table,
  CAST(NULL AS VARCHAR) AS form_row, CAST(NULL AS VARCHAR) AS form_column, before, after, source
FROM reports_changed
UNION ALL
SELECT $refresh_id, CASE WHEN in_force.is_same_document THEN 'cell.reread' ELSE 'cell.changed' END,
  cells.agency, cells.year, cells.form_table, cells.form_row, cells.form_column, cells.before,
  cells.after, in_force.source
FROM cells_changed AS cells
JOIN in_force ON in_force.agency = cells.agency AND in_force.year = cells.year
UNION ALL
SELECT $refresh_id, 'log.changed', agency, NULL, NULL, NULL, NULL, before, after, source
FROM logs_changed
