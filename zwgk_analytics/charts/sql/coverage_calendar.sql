-- One row per expected filer and year: whether its report is there, and when it came.
SELECT
  agency,
  year,
  expected,
  present,
  published_on,
  days_late,
  CASE
    WHEN present AND days_late > 0 THEN 'late'
    WHEN present AND days_late IS NOT NULL THEN 'on_time'
    WHEN present THEN 'undated'
    WHEN expected AND is_due THEN 'missing'
  END AS status,
  split_part(source, '#', 1) AS source
FROM coverage
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
ORDER BY agency, year
