-- grain: One row per composite, scheme, period and agency that has every input.
-- label: 综合指数
-- key: [metric, period, agency]
-- columns:
--   metric: {label: 排名指标, text: "composite: and its id, then : and the scheme where inputs are
--     headings of a table of scores"}
--   period: {label: 期间, text: "2014, 2014Q1, 2014H1 or 2014-03"}
--   agency: {label: 单位, text: as the source names it}
--   value: {label: 综合指数, unit: 分, text: "weighted mean of the dimensions, 0 to 100"}
--   n: {label: 维度数, unit: 个, text: dimensions}
--   rank: {label: 名次, text: with the weights as they are; ties share one}
--   rank_low: {label: 最好名次, text: best rank with each weight up to 20 % off}
--   rank_high: {label: 最差名次, text: worst rank with each weight up to 20 % off}
--   units: {label: 单位数, unit: 个, text: agencies that have every input}
--   stated_of: {label: 所载参评数, unit: 个, text: units in the scheme as its source states}
WITH indicators AS (
  SELECT
    composite_inputs.composite,
    composite_inputs.dimension,
    composite_inputs.input,
    assessments.scheme,
    assessments.period,
    assessments.agency,
    100.0 * CAST(max(assessments.score / assessments.scale) AS DOUBLE) AS score,
    max(assessments.ranked_of) AS stated_of
  FROM composite_inputs
  JOIN assessments ON assessments.indicator = composite_inputs.name
  WHERE
    composite_inputs.kind = 'indicator'
    AND assessments.scale > 0 AND assessments.scheme IS NOT NULL
    AND assessments.period IS NOT NULL AND assessments.agency IS NOT NULL
  GROUP BY composite_inputs.composite, composite_inputs.dimension, composite_inputs.input,
    assessments.scheme, assessments.period, assessments.agency
  HAVING count(DISTINCT assessments.score) = 1
),

shares AS (
  SELECT
    composite_inputs.composite,
    composite_inputs.dimension,
    composite_inputs.input,
    composite_inputs.has_indicators,
    metric_values.period,
    metric_values.agency,
    100.0 * CASE
      WHEN metrics.higher_is_better THEN metric_values.value ELSE 1 - metric_values.value
    END AS score
  FROM composite_inputs
  JOIN metric_values ON metric_values.metric = composite_inputs.name
  JOIN metrics ON metrics.metric = composite_inputs.name
  WHERE composite_inputs.kind = 'metric' AND metric_values.n >= metrics.minimum_n
),

-- a share counts beside the headings of each scheme that names its agency in its period
scored AS (
  SELECT composite, dimension, input, scheme, period, agency, score FROM indicators
  UNION ALL
  SELECT DISTINCT shares.composite, shares.dimension, shares.input, indicators.scheme,
    shares.period, shares.agency, shares.score
  FROM shares
  JOIN indicators
    ON indicators.composite = shares.composite
    AND indicators.period = shares.period
    AND indicators.agency = shares.agency
  UNION ALL
  SELECT composite, dimension, input, '', period, agency, score
  FROM shares
  WHERE NOT has_indicators
),

needed AS (
  SELECT composite, dimension, min(inputs) AS inputs, min(dimensions) AS dimensions
  FROM composite_inputs
  GROUP BY composite, dimension
),

dimensions AS (
  SELECT scored.composite, scored.dimension, scored.scheme, scored.period, scored.agency,
    min(needed.dimensions) AS dimensions, avg(scored.score) AS score
  FROM scored
  JOIN needed
    ON needed.composite = scored.composite AND needed.dimension = scored.dimension
  GROUP BY scored.composite, scored.dimension, scored.scheme, scored.period, scored.agency
  HAVING count(scored.score) = min(needed.inputs)
),

drawn AS (
  SELECT
    dimensions.composite,
    dimensions.scheme,
    dimensions.period,
    dimensions.agency,
    composite_weights.draw,
    count(*) AS n,
    round(sum(dimensions.score * composite_weights.weight) / sum(composite_weights.weight), 9)
      AS value
  FROM dimensions
  JOIN composite_weights
    ON composite_weights.composite = dimensions.composite
    AND composite_weights.dimension = dimensions.dimension
  GROUP BY dimensions.composite, dimensions.scheme, dimensions.period, dimensions.agency,
    composite_weights.draw
  HAVING count(*) = min(dimensions.dimensions)
),

ranked AS (
  SELECT
    *,
    rank() OVER (PARTITION BY composite, scheme, period, draw ORDER BY value DESC) AS rank,
    count(*) OVER (PARTITION BY composite, scheme, period, draw) AS units
  FROM drawn
),

stated AS (
  SELECT composite, scheme, period, max(stated_of) AS stated_of
  FROM indicators
  GROUP BY composite, scheme, period
)

SELECT
  'composite:' || ranked.composite
  || CASE WHEN ranked.scheme = '' THEN '' ELSE ':' || ranked.scheme END AS metric,
  ranked.period,
  ranked.agency,
  max(ranked.value) FILTER (WHERE ranked.draw = 0) AS value,
  min(ranked.n) AS n,
  max(ranked.rank) FILTER (WHERE ranked.draw = 0) AS rank,
  min(ranked.rank) AS rank_low,
  max(ranked.rank) AS rank_high,
  min(ranked.units) AS units,
  min(stated.stated_of) AS stated_of
FROM ranked
LEFT JOIN stated
  ON stated.composite = ranked.composite
  AND stated.scheme = ranked.scheme
  AND stated.period = ranked.period
GROUP BY ranked.composite, ranked.scheme, ranked.period, ranked.agency
