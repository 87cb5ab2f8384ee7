-- One row per agency and band of days from 成文 to 发布; median and P90 are of the items in order.
WITH bands (position, band, days_from, days_to) AS (
  VALUES
    (0, 'negative', NULL, -1),
    (1, 'within_year', 0, 0),
    (2, 'within_year', 1, 7),
    (3, 'within_year', 8, 14),
    (4, 'within_year', 15, 28),
    (5, 'within_year', 29, 60),
    (6, 'within_year', 61, 90),
    (7, 'within_year', 91, 180),
    (8, 'within_year', 181, 365),
    (9, 'over_year', 366, NULL)
),

dated AS (
  SELECT agency, lag_days, source
  FROM publications
  WHERE
    lag_days IS NOT NULL
    AND NOT is_repeat
    AND ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, year(published_on)))
),

totals AS (
  SELECT
    agency,
    count(*) AS dated_items,
    quantile_cont(lag_days, 0.5) FILTER (WHERE lag_days >= 0) AS median_days,
    quantile_cont(lag_days, 0.9) FILTER (WHERE lag_days >= 0) AS p90_days,
    list_sort(list(DISTINCT source)) AS source
  FROM dated
  GROUP BY agency
),

counted AS (
  SELECT
    dated.agency,
    bands.position,
    count(*) AS items
  FROM dated
  JOIN bands
    ON (bands.days_from IS NULL OR dated.lag_days >= bands.days_from)
    AND (bands.days_to IS NULL OR dated.lag_days <= bands.days_to)
  GROUP BY dated.agency, bands.position
)

-- a band that no item fell into holds zero items: every item with both dates has been placed
SELECT
  totals.agency,
  bands.position,
  bands.band,
  bands.days_from,
  bands.days_to,
  CASE WHEN counted.items IS NULL THEN 0 ELSE counted.items END AS items,
  CASE WHEN counted.items IS NULL THEN 0 ELSE counted.items / totals.dated_items END AS share,
  totals.dated_items,
  totals.median_days,
  totals.p90_days,
  totals.source
FROM totals
CROSS JOIN bands
LEFT JOIN counted
  ON counted.agency IS NOT DISTINCT FROM totals.agency AND counted.position = bands.position
ORDER BY totals.agency NULLS LAST, bands.position
