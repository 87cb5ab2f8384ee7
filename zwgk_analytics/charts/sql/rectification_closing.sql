-- One row per unit and status of the rectification ledgers.
SELECT
  agency,
  status,
  count(*) AS problems,
  list_sort(list(DISTINCT source)) AS source
FROM rectifications
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
GROUP BY agency, status
ORDER BY agency, status
