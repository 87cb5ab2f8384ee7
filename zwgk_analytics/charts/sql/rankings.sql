-- One row per period and agency with a rank, of one metric and one kind of period.
SELECT
  metric,
  period,
  agency,
  value,
  n,
  rank,
  rank_low,
  rank_high,
  ranked_of,
  change,
  count(*) OVER (PARTITION BY period, rank) AS ranked_alike
FROM rankings
WHERE
  rank IS NOT NULL
  AND metric = $metric
  AND length(period) = $period_length
  AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(period, 1, 4) AS INTEGER)))
QUALIFY $agencies IS NULL OR list_contains($agencies, agency)
ORDER BY period, rank, agency
