-- grain: One row per scheme, period, agency and indicator, and per value where sources contradict.
-- label: 考评得分
-- key: [scheme, period, agency, indicator, score, rank, ranked_of]
-- columns:
--   scheme: {label: 考评, text: as the source names it}
--   period: {label: 考评期, text: "2014, 2014Q1 or 2014-03"}
--   agency: {label: 单位, text: "by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: as the source names it}
--   indicator: {label: 指标, text: as printed; null for the whole}
--   is_total: {label: 是否总分, text: the score is of the whole and not of one indicator}
--   score: {label: 得分, unit: 分, text: as printed}
--   full_marks: {label: 满分, unit: 分, text: as the heading states; null where it does not}
--   weight: {label: 权重, unit: 比例, text: "share of the total, 0 to 1, as the heading states"}
--   scale: {label: 分制, unit: 分, text: "what the score is out of: full marks or percent where
--     stated, else 1 or 100 where all scores of the indicator lie within", caveat: null where not
--     known}
--   rank: {label: 名次, text: as printed}
--   ranked_of: {label: 参评数, unit: 个, text: units in the ranking as printed}
--   url: {label: 网址, text: where it was published}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH named AS (
  SELECT
    scores.*,
    coalesce(names.agency, scores.agency) AS unit
  FROM scores
  LEFT JOIN agency_names AS names ON names.printed = scores.agency
)

SELECT
  scheme,
  period,
  unit AS agency,
  min(agency) AS agency_printed,
  indicator,
  indicator IS NULL OR indicator IN (SELECT indicator FROM total_indicators) AS is_total,
  score,
  max(full_marks) AS full_marks,
  max(weight) AS weight,
  max(scale) AS scale,
  rank,
  ranked_of,
  min(url) AS url,
  min(place) AS place,
  source
FROM named
GROUP BY scheme, period, unit, indicator, score, rank, ranked_of, source
QUALIFY row_number() OVER (
  PARTITION BY scheme, period, unit, indicator, score, rank, ranked_of ORDER BY source
) = 1
