-- One row per agency and rule with findings.
SELECT
  agency,
  rule,
  severity,
  count(*) AS findings,
  list_sort(list(DISTINCT split_part(source, '#', 1))) AS source
FROM findings
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(CAST(period AS VARCHAR), 1, 4) AS INTEGER)))
GROUP BY agency, rule, severity
ORDER BY agency NULLS LAST, rule
