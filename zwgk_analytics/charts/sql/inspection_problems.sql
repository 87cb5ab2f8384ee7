-- One row per unit and kind of problem that inspections found.
SELECT
  agency,
  kind,
  kind_label,
  count(*) AS problems,
  CASE WHEN count(deduction) = count(*) THEN CAST(sum(deduction) AS DOUBLE) END AS deducted,
  list_sort(list(DISTINCT source)) AS source
FROM inspections
WHERE
  is_problem
  AND ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
GROUP BY agency, kind, kind_label
ORDER BY agency, kind
