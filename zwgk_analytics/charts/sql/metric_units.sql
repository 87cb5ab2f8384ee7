-- One row per agency with a value of one metric, in the period that has most of them.
WITH listed AS (
  SELECT metric, period, agency, value, n, low, high, rank, rank_low, rank_high
  FROM rankings
  WHERE
    metric = $metric
    AND value IS NOT NULL AND n > 0
    AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(period, 1, 4) AS INTEGER)))
),

fullest AS (
  SELECT period
  FROM listed
  GROUP BY period
  ORDER BY count(rank) DESC, count(*) DESC, period DESC
  LIMIT 1
)

SELECT listed.*, sum(value * n) OVER () / sum(n) OVER () AS pooled
FROM listed
JOIN fullest ON fullest.period = listed.period
QUALIFY $agencies IS NULL OR list_contains($agencies, agency)
ORDER BY value DESC, agency
