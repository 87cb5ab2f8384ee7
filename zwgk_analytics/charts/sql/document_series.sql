-- One row per agency, 文号 series and year.
SELECT
  agency,
  series,
  year,
  observed,
  highest,
  estimated_total,
  released_share,
  issued_by,
  sources AS source
FROM document_series
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
ORDER BY agency, series, year
