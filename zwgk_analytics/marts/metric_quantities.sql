-- grain: One row per quantity, period and agency of which it is known.
-- label: 排名所用的基础数量
-- key: [quantity, period, agency]
-- columns:
--   quantity: {label: 数量, text: "what is counted: table.line, as forms/metrics.yml names it"}
--   period: {label: 期间, text: the year}
--   agency: {label: 单位, text: as the source names it}
--   value: {label: 数值, unit: by quantity, text: "the count, or the variance of one"}
WITH months AS (
  SELECT agency, month, CAST(sum(items) AS DOUBLE) AS items
  FROM publication_volume
  WHERE agency IS NOT NULL
  GROUP BY agency, month
),

-- the one-sided 95 % end of each series' estimate, as if it were 1.645 standard errors away
numbered AS (
  SELECT
    agency,
    year,
    CAST(sum(observed) AS DOUBLE) AS observed,
    sum(estimated_total) AS estimated_total,
    sum(power((estimated_high - estimated_total) / 1.644854, 2)) AS estimated_variance
  FROM document_series
  WHERE is_ranked AND agency IS NOT NULL
  GROUP BY agency, year
)

SELECT 'applications.' || line AS quantity, CAST(year AS VARCHAR) AS period, agency,
  CAST(requests AS DOUBLE) AS value
FROM application_totals
WHERE requests IS NOT NULL AND agency IS NOT NULL AND year IS NOT NULL
UNION ALL
-- the three channels together: one that is not known leaves the sum unknown
SELECT 'review.' || result, CAST(year AS VARCHAR), agency, CAST(sum(cases) AS DOUBLE)
FROM review_litigation
WHERE agency IS NOT NULL AND year IS NOT NULL
GROUP BY result, year, agency
HAVING count(cases) = 3
UNION ALL
SELECT 'publications.items', CAST(year(month) AS VARCHAR), agency, sum(items)
FROM months
GROUP BY year(month), agency
UNION ALL
-- of a sum over months drawn with replacement: the bootstrap variance in closed form
SELECT 'publications.items_variance', CAST(year(month) AS VARCHAR), agency,
  (count(*) - 1) * var_samp(items)
FROM months
GROUP BY year(month), agency
HAVING count(*) > 1
UNION ALL
SELECT 'publications.workday_items', CAST(year AS VARCHAR), agency,
  CAST(workday_items AS DOUBLE)
FROM publication_timeliness
WHERE agency IS NOT NULL
UNION ALL
SELECT 'publications.within_20_workdays', CAST(year AS VARCHAR), agency,
  round(share_within_20_workdays * workday_items)
FROM publication_timeliness
WHERE agency IS NOT NULL AND share_within_20_workdays IS NOT NULL
UNION ALL
SELECT 'series.observed', CAST(year AS VARCHAR), agency, observed
FROM numbered
UNION ALL
SELECT 'series.estimated_total', CAST(year AS VARCHAR), agency, estimated_total
FROM numbered
UNION ALL
SELECT 'series.estimated_variance', CAST(year AS VARCHAR), agency, estimated_variance
FROM numbered
UNION ALL
SELECT 'figures.' || measure, CAST(year AS VARCHAR), agency, CAST(value AS DOUBLE)
FROM annual_figures
WHERE value IS NOT NULL AND comparable
UNION ALL
SELECT 'reports.filed', CAST(year AS VARCHAR), agency, 1.0
FROM reports
WHERE agency IS NOT NULL AND year IS NOT NULL
UNION ALL
SELECT 'findings.of_reports', CAST(reports.year AS VARCHAR), reports.agency,
  CAST(count(findings.finding_id) AS DOUBLE)
FROM reports
LEFT JOIN findings
  ON findings.agency = reports.agency
  AND findings.period = CAST(reports.year AS VARCHAR)
  AND findings.severity IN ('error', 'warning')
  AND findings.review_state <> 'waived'
  AND split_part(findings.rule, '.', 1) NOT IN ('publication', 'interpretation', 'assessments')
WHERE reports.agency IS NOT NULL AND reports.year IS NOT NULL
GROUP BY reports.year, reports.agency
