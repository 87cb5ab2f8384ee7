-- One row per agency, year and group of outcomes; `basis` is what shares are taken of.
WITH outcomes AS (
  SELECT handling.*, grouped.position, grouped.outcome, grouped.requests
  FROM application_handling AS handling
  CROSS JOIN LATERAL (
    VALUES
      (1, 'granted', handling.granted),
      (2, 'partially_granted', handling.partially_granted),
      (3, 'denied', handling.denied),
      (4, 'unable', handling.unable),
      (5, 'not_processed', handling.not_processed),
      (6, 'other', handling.other)
  ) AS grouped (position, outcome, requests)
  WHERE
    ($agencies IS NULL OR list_contains($agencies, handling.agency))
    AND ($years IS NULL OR list_contains($years, handling.year))
),

counted AS (
  SELECT
    *,
    CAST(sum(requests) OVER each_report AS BIGINT) AS counted,
    count(requests) OVER each_report AS reported
  FROM outcomes
  WINDOW each_report AS (PARTITION BY agency, year)
),

based AS (
  SELECT
    *,
    CASE
      WHEN total IS NOT NULL AND counted IS NOT NULL THEN greatest(total, counted)
      WHEN reported = 6 THEN counted
    END AS basis
  FROM counted
)

SELECT
  agency,
  year,
  edition,
  received,
  carried_in,
  carried_out,
  total,
  counted,
  basis,
  position,
  outcome,
  requests,
  CASE WHEN basis > 0 THEN requests / basis END AS share,
  coalesce(counted > total, FALSE) AS exceeds_total,
  coalesce(counted < total, FALSE) AS falls_short,
  source
FROM based
ORDER BY agency, year, position
