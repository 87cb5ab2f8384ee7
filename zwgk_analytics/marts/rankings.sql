-- grain: One row per metric, period and agency.
-- label: 排名
-- key: [metric, period, agency]
-- columns:
--   metric: {label: 排名指标, text: "as forms/metrics.yml declares it; score: and the name of a
--     scheme; composite: and the id of a composite"}
--   period: {label: 期间, text: "2014, 2014Q1, 2014H1 or 2014-03"}
--   agency: {label: 单位, text: as the source names it}
--   value: {label: 数值, unit: by metric, text: what is ranked}
--   n: {label: 样本数, unit: by metric, text: "what a share or mean is of; of a count the count
--     itself; of a composite its dimensions; null for a score"}
--   low: {label: 数值下限, unit: by metric, text: lower end of the value's own 95 % interval}
--   high: {label: 数值上限, unit: by metric, text: upper end of it; both are the value where it has
--     no sampling error}
--   rank: {label: 名次, text: "the stated rank, else of shares and means by the cautious end of the
--     95 % interval (the lower one where more is better, the upper one where less is), so that few
--     cases do not win by luck; of counts and scores by the value; ties share one", caveat: null
--     where the value cannot be ranked; see reason}
--   rank_low: {label: 最好名次, text: "best rank that the intervals allow; the rank intervals of one
--     metric and period hold together at 95 % (Šidák); of a composite, best rank with each weight
--     up to 20 % off"}
--   rank_high: {label: 最差名次, text: worst rank that they allow}
--   ranked_of: {label: 参评数, unit: 个, text: units in the ranking}
--   change: {label: 名次变化, unit: 位, text: ranks gained since the metric's period before, caveat:
--     null where the two rank intervals overlap}
--   reason: {label: 未排名原因, text: why there is a value but no rank}
WITH listed AS (
  SELECT
    metric_values.*,
    coalesce(metrics.higher_is_better, TRUE) AS higher_is_better,
    metrics.kind,
    metrics.interval,
    metrics.minimum_n,
    coalesce(metric_values.denominator, 1) AS exposure,
    count(*) OVER (PARTITION BY metric_values.metric, metric_values.period) AS units,
    count(metric_values.stated_rank)
      OVER (PARTITION BY metric_values.metric, metric_values.period) AS units_ranked,
    max(metric_values.stated_of)
      OVER (PARTITION BY metric_values.metric, metric_values.period) AS units_stated
  FROM metric_values
  LEFT JOIN metrics ON metrics.metric = metric_values.metric
),

judged AS (
  SELECT
    *,
    CASE
      WHEN stated_rank IS NOT NULL THEN 'stated'
      WHEN value IS NULL AND interval IS NULL THEN 'no_value'
      WHEN value IS NULL THEN 'impossible'
      WHEN n < minimum_n THEN 'too_few'
      WHEN interval = 'spread' AND variance IS NULL THEN 'no_spread'
      WHEN units_stated <> units OR (units_stated IS NULL AND units_ranked > 0)
        THEN 'list_incomplete'
      ELSE 'able'
    END AS verdict
  FROM listed
),

counted AS (
  SELECT
    *,
    CAST(sum(CASE WHEN verdict = 'able' THEN 1 ELSE 0 END)
      OVER (PARTITION BY metric, period) AS BIGINT) AS able
  FROM judged
),

-- a column of its own: a join on a least() would compare every value with every level
compared AS (
  SELECT
    *,
    least(greatest(able, 1), (SELECT max(units) FROM rank_levels)) AS joint_units
  FROM counted
),

levels AS (
  SELECT compared.*, 'own' AS level, rank_levels.z
  FROM compared
  JOIN rank_levels ON rank_levels.units = 1
  UNION ALL
  SELECT compared.*, 'joint' AS level, rank_levels.z
  FROM compared
  JOIN rank_levels ON rank_levels.units = compared.joint_units
),

-- Wilson for shares, that of the whole where it is estimated; Byar's closed form of the exact
-- Poisson interval
ends AS (
  SELECT
    *,
    CASE
      WHEN interval = 'wilson' THEN
        (value + z * z / (2 * n) - z * sqrt(value * (1 - value) / n + z * z / (4.0 * n * n)))
        / (1 + z * z / n)
      WHEN interval = 'tank' THEN numerator / (exposure + z * sqrt(variance))
      WHEN interval = 'poisson' AND numerator = 0 THEN 0
      WHEN interval = 'poisson' THEN
        numerator * power(greatest(1 - 1 / (9 * numerator) - z / (3 * sqrt(numerator)), 0), 3)
        / exposure
      WHEN interval = 'spread' AND value < z * sqrt(variance) THEN 0
      WHEN interval = 'spread' THEN value - z * sqrt(variance)
      ELSE value
    END AS low,
    CASE
      WHEN interval = 'wilson' THEN
        (value + z * z / (2 * n) + z * sqrt(value * (1 - value) / n + z * z / (4.0 * n * n)))
        / (1 + z * z / n)
      WHEN interval = 'tank' AND exposure - z * sqrt(variance) <= numerator THEN 1
      WHEN interval = 'tank' THEN numerator / (exposure - z * sqrt(variance))
      WHEN interval = 'poisson' THEN
        (numerator + 1)
        * power(1 - 1 / (9 * (numerator + 1)) + z / (3 * sqrt(numerator + 1)), 3) / exposure
      WHEN interval = 'spread' THEN value + z * sqrt(variance)
      ELSE value
    END AS high
  FROM levels
),

-- merit runs upwards whichever way is better
spans AS (
  SELECT
    metric,
    period,
    agency,
    verdict,
    round(max(low) FILTER (WHERE level = 'own'), 12) AS low,
    round(max(high) FILTER (WHERE level = 'own'), 12) AS high,
    round(
      max(
        CASE WHEN kind = 'count' THEN value WHEN higher_is_better THEN low ELSE -high END
      ) FILTER (WHERE level = 'own'), 12
    ) AS merit,
    round(max(CASE WHEN higher_is_better THEN low ELSE -high END)
      FILTER (WHERE level = 'joint'), 12) AS merit_low,
    round(max(CASE WHEN higher_is_better THEN high ELSE -low END)
      FILTER (WHERE level = 'joint'), 12) AS merit_high
  FROM ends
  GROUP BY metric, period, agency, verdict
),

able AS (
  SELECT *
  FROM spans
  WHERE verdict = 'able'
),

-- from the best end on: at equal merit, the ends that are asked for how many lie above come first
above AS (
  SELECT
    metric,
    period,
    agency,
    side,
    sum(CASE WHEN side = 'low' THEN 1 ELSE 0 END) OVER (
      PARTITION BY metric, period ORDER BY merit DESC, side ROWS UNBOUNDED PRECEDING
    ) AS lows,
    sum(CASE WHEN side = 'high' THEN 1 ELSE 0 END) OVER (
      PARTITION BY metric, period ORDER BY merit DESC, side DESC ROWS UNBOUNDED PRECEDING
    ) AS highs
  FROM (
    SELECT metric, period, agency, 'low' AS side, merit_low AS merit FROM able
    UNION ALL
    SELECT metric, period, agency, 'high' AS side, merit_high AS merit FROM able
  ) AS sides
),

placed AS (
  SELECT
    able.metric,
    able.period,
    able.agency,
    rank() OVER (PARTITION BY able.metric, able.period ORDER BY able.merit DESC) AS rank,
    CAST(1 + above_high.lows AS BIGINT) AS rank_low,
    CAST(
      1 + above_low.highs - CASE WHEN able.merit_high > able.merit_low THEN 1 ELSE 0 END AS BIGINT
    ) AS rank_high,
    count(*) OVER (PARTITION BY able.metric, able.period) AS ranked_of
  FROM able
  JOIN above AS above_high
    ON above_high.metric = able.metric AND above_high.period = able.period
    AND above_high.agency = able.agency AND above_high.side = 'high'
  JOIN above AS above_low
    ON above_low.metric = able.metric AND above_low.period = able.period
    AND above_low.agency = able.agency AND above_low.side = 'low'
),

ranked AS (
  SELECT
    counted.metric,
    counted.period,
    counted.agency,
    counted.value,
    counted.n,
    spans.low,
    spans.high,
    coalesce(counted.stated_rank, placed.rank) AS rank,
    coalesce(counted.stated_rank, placed.rank_low) AS rank_low,
    coalesce(counted.stated_rank, placed.rank_high) AS rank_high,
    coalesce(counted.stated_of, placed.ranked_of) AS ranked_of,
    CASE
      WHEN counted.verdict = 'able' AND placed.rank IS NULL THEN 'alone' ELSE counted.verdict
    END AS verdict
  FROM counted
  JOIN spans
    ON spans.metric = counted.metric
    AND spans.period = counted.period
    AND spans.agency = counted.agency
  LEFT JOIN placed
    ON placed.metric = counted.metric
    AND placed.period = counted.period
    AND placed.agency = counted.agency
    AND placed.ranked_of > 1
  UNION ALL
  SELECT
    metric,
    period,
    agency,
    value,
    n,
    value,
    value,
    CASE WHEN units > 1 AND coalesce(stated_of, units) = units THEN rank END,
    CASE WHEN units > 1 AND coalesce(stated_of, units) = units THEN rank_low END,
    CASE WHEN units > 1 AND coalesce(stated_of, units) = units THEN rank_high END,
    coalesce(stated_of, CASE WHEN units > 1 THEN units END),
    CASE
      WHEN units = 1 THEN 'alone' WHEN stated_of <> units THEN 'list_incomplete' ELSE 'able'
    END
  FROM composites
),

-- years, halves, quarters and months of one metric follow each other among their own kind
periods AS (
  SELECT
    metric,
    period,
    lag(period) OVER (
      PARTITION BY metric, length(period), substr(period, 5, 1) ORDER BY period
    ) AS period_before
  FROM ranked
  GROUP BY metric, period
)

SELECT
  ranked.metric,
  ranked.period,
  ranked.agency,
  ranked.value,
  ranked.n,
  ranked.low,
  ranked.high,
  ranked.rank,
  ranked.rank_low,
  ranked.rank_high,
  ranked.ranked_of,
  CASE
    WHEN
      ranked.rank_low > earlier.rank_high OR ranked.rank_high < earlier.rank_low
      OR (ranked.rank_low = ranked.rank_high AND earlier.rank_low = earlier.rank_high)
      THEN earlier.rank - ranked.rank
  END AS change,
  rank_reasons.label_zh AS reason
FROM ranked
JOIN periods ON periods.metric = ranked.metric AND periods.period = ranked.period
LEFT JOIN ranked AS earlier
  ON earlier.metric = ranked.metric
  AND earlier.period = periods.period_before
  AND earlier.agency = ranked.agency
LEFT JOIN rank_reasons ON rank_reasons.reason = ranked.verdict
