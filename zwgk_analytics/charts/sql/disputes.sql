-- One row per agency, year and stage; null where a channel of the stage is not filled.
WITH cases AS (
  SELECT
    agency,
    year,
    result,
    CASE WHEN count(cases) = count(*) THEN CAST(sum(cases) AS BIGINT) END AS cases,
    any_value(source) AS source
  FROM review_litigation
  WHERE
    ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, year))
  GROUP BY agency, year, result
),

reports AS (
  SELECT
    agency,
    year,
    max(cases) FILTER (WHERE result = 'total') AS cases,
    max(cases) FILTER (WHERE result = 'pending') AS pending,
    max(cases) FILTER (WHERE result = 'corrected') AS corrected,
    any_value(source) AS source
  FROM cases
  GROUP BY agency, year
)

SELECT
  reports.agency,
  reports.year,
  stages.position,
  stages.stage,
  stages.cases,
  reports.source
FROM reports
LEFT JOIN application_handling AS handling
  ON handling.agency = reports.agency AND handling.year = reports.year
CROSS JOIN LATERAL (
  VALUES
    (1, 'closed', handling.total),
    (2, 'disputed', reports.cases),
    (3, 'decided', reports.cases - reports.pending),
    (4, 'corrected', reports.corrected)
) AS stages (position, stage, cases)
ORDER BY reports.agency, reports.year, stages.position
