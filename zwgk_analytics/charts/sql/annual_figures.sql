-- One row per agency and year with a figure of one measure.
SELECT
  agency,
  year,
  measure,
  CAST(value AS DOUBLE) AS value,
  unit,
  origin,
  comparable,
  caveat,
  split_part(source, '#', 1) AS source
FROM annual_figures
WHERE
  measure = $measure
  AND value IS NOT NULL
  AND ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
ORDER BY agency, year
