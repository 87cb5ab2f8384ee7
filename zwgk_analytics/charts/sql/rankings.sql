-- One row per period and agency with a rank, of one metric and one kind of period; of those that
-- have a value but no rank too where $unranked.
SELECT
  metric,
  period,
  agency,
  value,
  n,
  low,
  high,
  rank,
  rank_low,
  rank_high,
  ranked_of,
  change,
  reason,
  count(*) OVER (PARTITION BY period, rank) AS ranked_alike
FROM rankings
WHERE
  (rank IS NOT NULL OR $unranked)
  AND metric = $metric
  AND substr(period, 5, 1) = $period_kind
  AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(period, 1, 4) AS INTEGER)))
QUALIFY $agencies IS NULL OR list_contains($agencies, agency)
ORDER BY period, rank, agency
