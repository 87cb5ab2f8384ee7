-- grain: One row per scheme, period, agency and indicator, and per value where sources contradict.
-- label: 考评得分
-- key: [scheme, period, agency, indicator, score, rank, ranked_of]
-- columns:
--   scheme: {label: 考评, text: as the source names it}
--   period: {label: 考评期, text: "2014, 2014Q1 or 2014-03"}
--   agency: {label: 单位, text: as the source names it}
--   indicator: {label: 指标, text: as printed; null for the whole}
--   score: {label: 得分, unit: 分, text: as printed}
--   rank: {label: 名次, text: as printed}
--   ranked_of: {label: 参评数, unit: 个, text: units in the ranking as printed}
--   url: {label: 网址, text: where it was published}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  scheme,
  period,
  agency,
  indicator,
  score,
  rank,
  ranked_of,
  min(url) AS url,
  min(place) AS place,
  source
FROM scores
GROUP BY scheme, period, agency, indicator, score, rank, ranked_of, source
QUALIFY row_number() OVER (
  PARTITION BY scheme, period, agency, indicator, score, rank, ranked_of ORDER BY source
) = 1
