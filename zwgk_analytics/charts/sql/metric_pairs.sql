-- One row per agency with values of two metrics, in the latest period that has both.
SELECT
  across.agency,
  across.period,
  across.metric AS x_metric,
  across.value AS x,
  across.low AS x_low,
  across.high AS x_high,
  across.n AS x_n,
  upwards.metric AS y_metric,
  upwards.value AS y,
  upwards.low AS y_low,
  upwards.high AS y_high,
  upwards.n AS y_n
FROM rankings AS across
JOIN rankings AS upwards ON upwards.agency = across.agency AND upwards.period = across.period
WHERE
  across.metric = $x
  AND upwards.metric = $y
  AND across.value IS NOT NULL AND upwards.value IS NOT NULL
  AND ($agencies IS NULL OR list_contains($agencies, across.agency))
  AND ($years IS NULL OR list_contains($years, TRY_CAST(substr(across.period, 1, 4) AS INTEGER)))
QUALIFY row_number() OVER (PARTITION BY across.agency ORDER BY across.period DESC) = 1
ORDER BY across.agency
