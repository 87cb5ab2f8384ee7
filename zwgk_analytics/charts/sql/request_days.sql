-- One row per agency, band of working days (null where none can be told) and state.
WITH bands (position, days_from, days_to) AS (
  VALUES
    (0, NULL, 5),
    (1, 6, 10),
    (2, 11, 15),
    (3, 16, 20),
    (4, 21, 25),
    (5, 26, 30),
    (6, 31, 35),
    (7, 36, 40),
    (8, 41, NULL)
),

asked AS (
  SELECT
    agency,
    workdays_used,
    is_term_certain,
    CASE
      WHEN is_running AND is_overdue THEN 'overdue'
      WHEN is_running THEN 'running'
      WHEN is_on_time THEN 'on_time'
      WHEN NOT is_on_time THEN 'late'
      ELSE 'unclear'
    END AS state,
    source
  FROM requests
  WHERE
    NOT is_repeat
    AND ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, year))
),

totals AS (
  SELECT
    agency,
    count(*) AS requests,
    count(*) FILTER (WHERE workdays_used IS NULL) AS undated,
    count(*) FILTER (WHERE workdays_used IS NOT NULL AND NOT is_term_certain) AS uncertain,
    count(*) FILTER (WHERE state IN ('on_time', 'late')) AS timed,
    count(*) FILTER (WHERE state = 'on_time') AS on_time,
    count(*) FILTER (WHERE state = 'overdue') AS overdue,
    quantile_cont(workdays_used, 0.5) FILTER (WHERE state NOT IN ('running', 'overdue'))
      AS median_workdays,
    list_sort(list(DISTINCT source)) AS source
  FROM asked
  GROUP BY agency
)

SELECT
  totals.agency,
  bands.position,
  bands.days_from,
  bands.days_to,
  asked.state,
  count(*) AS requests,
  totals.requests AS all_requests,
  totals.undated,
  totals.uncertain,
  totals.timed,
  totals.on_time,
  totals.overdue,
  totals.median_workdays,
  totals.source
FROM totals
JOIN asked ON asked.agency IS NOT DISTINCT FROM totals.agency
LEFT JOIN bands
  ON asked.workdays_used IS NOT NULL
  AND (bands.days_from IS NULL OR asked.workdays_used >= bands.days_from)
  AND (bands.days_to IS NULL OR asked.workdays_used <= bands.days_to)
GROUP BY ALL
ORDER BY totals.agency NULLS LAST, bands.position NULLS LAST, asked.state
