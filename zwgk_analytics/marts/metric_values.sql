-- grain: One row per metric, period and agency whose parts are known.
-- label: 排名指标数值
-- key: [metric, period, agency]
-- columns:
--   metric: {label: 排名指标, text: "as forms/metrics.yml declares it, or score: and the name of a
--     scheme"}
--   period: {label: 期间, text: "2014, 2014Q1, 2014H1 or 2014-03"}
--   agency: {label: 单位, text: as the source names it}
--   value: {label: 数值, unit: by metric, text: "share, mean, count or score", caveat: null where
--     the part exceeds the whole}
--   n: {label: 样本数, unit: by metric, text: "what a share or mean is of; of a count the count
--     itself; null for a score"}
--   numerator: {label: 分子, unit: by metric, text: the sum of its quantities}
--   denominator: {label: 分母, unit: by metric, text: the sum of its quantities; null for a count}
--   variance: {label: 方差, unit: by metric, text: "of a count that varies from month to
--     month, or of an estimated denominator"}
--   stated_rank: {label: 所载名次, text: the rank that the source of a score states}
--   stated_of: {label: 所载参评数, unit: 个, text: units in the ranking as the source states}
WITH sides AS (
  SELECT
    metric_terms.metric,
    metric_terms.side,
    metric_quantities.period,
    metric_quantities.agency,
    sum(metric_terms.sign * metric_quantities.value) AS total
  FROM metric_terms
  JOIN metric_quantities ON metric_quantities.quantity = metric_terms.quantity
  GROUP BY metric_terms.metric, metric_terms.side, metric_quantities.period,
    metric_quantities.agency
  HAVING count(*) = min(metric_terms.terms)
),

parts AS (
  SELECT
    metric,
    period,
    agency,
    max(total) FILTER (WHERE side = 'numerator') AS numerator,
    max(total) FILTER (WHERE side = 'denominator') AS denominator,
    max(total) FILTER (WHERE side = 'variance') AS variance
  FROM sides
  GROUP BY metric, period, agency
)

SELECT
  parts.metric,
  parts.period,
  parts.agency,
  CASE
    WHEN parts.numerator < 0 THEN NULL
    WHEN metrics.kind = 'count' THEN parts.numerator
    WHEN metrics.kind = 'mean' OR parts.numerator <= parts.denominator
      THEN parts.numerator / parts.denominator
  END AS value,
  CAST(round(coalesce(parts.denominator, parts.numerator)) AS BIGINT) AS n,
  parts.numerator,
  parts.denominator,
  parts.variance,
  CAST(NULL AS INTEGER) AS stated_rank,
  CAST(NULL AS INTEGER) AS stated_of
FROM parts
JOIN metrics ON metrics.metric = parts.metric
WHERE
  parts.numerator IS NOT NULL
  AND (metrics.kind = 'count' OR parts.denominator > 0)
UNION ALL
SELECT
  'score:' || scheme,
  period,
  agency,
  CAST(max(score) AS DOUBLE),
  CAST(NULL AS BIGINT),
  CAST(NULL AS DOUBLE),
  CAST(NULL AS DOUBLE),
  CAST(NULL AS DOUBLE),
  max(rank),
  max(ranked_of)
FROM assessments
WHERE
  is_total AND scheme IS NOT NULL AND period IS NOT NULL AND agency IS NOT NULL
GROUP BY scheme, period, agency
HAVING
  count(DISTINCT score) <= 1 AND count(DISTINCT rank) <= 1 AND count(DISTINCT ranked_of) <= 1
