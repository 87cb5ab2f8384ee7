-- One row per agency and year: what was pending, what came and went, what stays pending.
SELECT
  agency,
  year,
  carried_in,
  received,
  total AS closed,
  carried_out,
  carried_in + received - total AS expected,
  lag(carried_out) OVER by_year AS carried_before,
  lag(year) OVER by_year = year - 1 AS follows,
  source
FROM application_handling
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
WINDOW by_year AS (PARTITION BY agency ORDER BY year)
ORDER BY agency, year
