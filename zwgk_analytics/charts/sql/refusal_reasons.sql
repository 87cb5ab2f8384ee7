-- One row per agency, year and line of 不予公开, 无法提供 or 不予处理, over all applicants.
WITH lines AS (
  SELECT
    agency,
    year,
    edition,
    form_row AS reason,
    max(value) FILTER (WHERE form_column = 'total') AS printed,
    sum(value) FILTER (WHERE form_column <> 'total') AS parts,
    bool_or(state = 'unreadable') AS is_unreadable,
    any_value(source) AS source
  FROM report_cells
  WHERE
    form_table = 'applications'
    AND split_part(form_row, '.', 1) IN ('denied', 'unable', 'not_processed')
    AND ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, year))
  GROUP BY agency, year, edition, form_row
),

counted AS (
  SELECT
    *,
    CAST(CASE WHEN printed IS NOT NULL THEN printed WHEN NOT is_unreadable THEN parts END AS BIGINT)
      AS requests
  FROM lines
)

SELECT
  agency,
  year,
  edition,
  split_part(reason, '.', 1) AS outcome,
  reason,
  requests,
  CAST(sum(requests) OVER each_report AS BIGINT) AS refused,
  requests / nullif(sum(requests) OVER each_report, 0) AS share,
  source
FROM counted
WINDOW each_report AS (PARTITION BY agency, year)
ORDER BY agency, year, reason
