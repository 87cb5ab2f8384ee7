-- One row per metric and kind of period, the one that shows most movement first.
WITH ranked AS (
  SELECT metric, substr(period, 5, 1) AS period_kind, agency, count(DISTINCT period) AS periods
  FROM rankings
  WHERE
    rank IS NOT NULL
    AND ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(period, 1, 4) AS INTEGER)))
  GROUP BY metric, substr(period, 5, 1), agency
)

SELECT
  metric,
  period_kind,
  count(*) FILTER (WHERE periods > 1) AS agencies_followed,
  CAST(sum(periods) AS BIGINT) AS ranks
FROM ranked
GROUP BY metric, period_kind
ORDER BY agencies_followed DESC, ranks DESC, metric, period_kind
