-- grain: One row per metric, period and agency.
-- label: 排名
-- key: [metric, period, agency]
-- columns:
--   metric: {label: 排名指标, text: "volume, applications_received, granted_share, or score: and the
--     name of a scheme"}
--   period: {label: 期间, text: "2014, 2014Q1 or 2014-03"}
--   agency: {label: 单位, text: as the source names it}
--   value: {label: 数值, unit: by metric, text: "what is ranked, highest first"}
--   n: {label: 样本数, unit: 件, text: what the value counts or is a share of; null for a score}
--   rank: {label: 名次, text: "the stated rank, else our own; ties share one", caveat: null where not
--     every unit of the ranking is known}
--   rank_low: {label: 名次下界, text: best rank that the 95 % interval of a share allows}
--   rank_high: {label: 名次上界, text: worst rank that it allows}
--   ranked_of: {label: 参评数, unit: 个, text: units in the ranking}
--   change: {label: 名次变化, unit: 位, text: ranks gained since the metric's period before}
WITH entries AS (
  SELECT
    'score:' || scheme AS metric,
    period,
    agency,
    CAST(max(score) AS DOUBLE) AS value,
    CAST(NULL AS BIGINT) AS n,
    max(rank) AS stated_rank,
    max(ranked_of) AS stated_of
  FROM assessments
  WHERE
    (indicator IS NULL OR indicator IN (SELECT indicator FROM total_indicators))
    AND scheme IS NOT NULL AND period IS NOT NULL AND agency IS NOT NULL
  GROUP BY scheme, period, agency
  HAVING
    count(DISTINCT score) <= 1 AND count(DISTINCT rank) <= 1 AND count(DISTINCT ranked_of) <= 1
  UNION ALL
  SELECT 'volume', CAST(year(month) AS VARCHAR), agency, CAST(sum(items) AS DOUBLE),
    CAST(sum(items) AS BIGINT), NULL, NULL
  FROM publication_volume
  WHERE agency IS NOT NULL
  GROUP BY year(month), agency
  UNION ALL
  SELECT measure, CAST(year AS VARCHAR), agency, CAST(value AS DOUBLE),
    CAST(value AS BIGINT), NULL, NULL
  FROM annual_figures
  WHERE measure = 'applications_received' AND whole(value) IS NOT NULL AND comparable
  UNION ALL
  SELECT 'granted_share', CAST(year AS VARCHAR), agency,
    CAST(granted + partially_granted AS DOUBLE) / total, total, NULL, NULL
  FROM application_handling
  WHERE total > 0 AND granted + partially_granted BETWEEN 0 AND total
),

listed AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY metric, period) AS units,
    count(stated_rank) OVER (PARTITION BY metric, period) AS units_ranked,
    max(stated_of) OVER (PARTITION BY metric, period) AS units_stated,
    rank() OVER (PARTITION BY metric, period ORDER BY value DESC NULLS LAST) AS own_rank
  FROM entries
),

complete AS (
  SELECT
    *,
    units > 1
    AND ((units_stated IS NULL AND units_ranked = 0) OR units_stated = units) AS is_complete
  FROM listed
),

ranked AS (
  SELECT
    metric,
    period,
    agency,
    value,
    n,
    coalesce(stated_rank, CASE WHEN is_complete AND value IS NOT NULL THEN own_rank END) AS rank,
    coalesce(stated_of, CASE WHEN is_complete THEN units END) AS ranked_of
  FROM complete
),

intervals AS (
  SELECT
    *,
    (value + 1.9208 / n - 1.96 * sqrt(value * (1 - value) / n + 0.9604 / (n * n)))
    / (1 + 3.8416 / n) AS low,
    (value + 1.9208 / n + 1.96 * sqrt(value * (1 - value) / n + 0.9604 / (n * n)))
    / (1 + 3.8416 / n) AS high
  FROM ranked
  WHERE metric = 'granted_share'
),

bounds AS (
  SELECT
    own.metric,
    own.period,
    own.agency,
    1 + count(*) FILTER (WHERE others.low > own.high) AS rank_low,
    count(*) - count(*) FILTER (WHERE others.high < own.low) AS rank_high
  FROM intervals AS own
  JOIN intervals AS others ON others.metric = own.metric AND others.period = own.period
  WHERE own.rank IS NOT NULL
  GROUP BY own.metric, own.period, own.agency
),

-- years, quarters and months of one metric follow each other among their own kind
periods AS (
  SELECT
    metric,
    period,
    lag(period) OVER (PARTITION BY metric, length(period) ORDER BY period) AS period_before
  FROM ranked
  GROUP BY metric, period
)

SELECT
  ranked.metric,
  ranked.period,
  ranked.agency,
  ranked.value,
  ranked.n,
  ranked.rank,
  coalesce(bounds.rank_low, ranked.rank) AS rank_low,
  coalesce(bounds.rank_high, ranked.rank) AS rank_high,
  ranked.ranked_of,
  earlier.rank - ranked.rank AS change
FROM ranked
JOIN periods ON periods.metric = ranked.metric AND periods.period = ranked.period
LEFT JOIN bounds
  ON bounds.metric = ranked.metric
  AND bounds.period = ranked.period
  AND bounds.agency = ranked.agency
LEFT JOIN ranked AS earlier
  ON earlier.metric = ranked.metric
  AND earlier.period = periods.period_before
  AND earlier.agency = ranked.agency
