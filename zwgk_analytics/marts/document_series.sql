-- grain: One row per agency, 文号 series and year of the series.
-- label: 文号序列
-- key: [agency, series, year]
-- columns:
--   agency: {label: 机关, text: whose log lists the documents}
--   series: {label: 机关代字, text: "the letters before the bracket; other words printed before a
--     series that the log often shows are left out"}
--   year: {label: 文号年份, text: the year in the bracket}
--   observed: {label: 已见序号数, unit: 件, text: "distinct serials, outliers left out"}
--   highest: {label: 最大序号, text: "of them"}
--   estimated_total: {label: 估计发文数, unit: 件, text: "m + m/k − 1 with m the highest and k the
--     number of serials observed", caveat: "serials must start at 1, and which documents are
--     published must not depend on their serial"}
--   estimated_low: {label: 估计发文数下限, unit: 件, text: "the highest: 95 % interval"}
--   estimated_high: {label: 估计发文数上限, unit: 件, text: "the largest total under which so low a
--     highest serial has a chance of 5 %"}
--   released_share: {label: 公开率, unit: 比例, text: observed over estimated_total}
--   released_share_low: {label: 公开率下限, unit: 比例, text: observed over estimated_high}
--   released_share_high: {label: 公开率上限, unit: 比例, text: observed over estimated_low}
--   missing: {label: 缺号, text: "serials up to the highest that are not in the log, as 3-5, 9"}
--   missing_count: {label: 缺号数, unit: 件, text: how many}
--   has_outlier: {label: 是否有异常序号, text: "one serial (or 5 % of them) lies at three times the
--     rest or more, where chance would put it once in a thousand: it is left out as misprinted"}
--   outliers: {label: 异常序号, text: the serials left out}
--   issued_by: {label: 发文机关, text: "the agency, another agency in whose log the series is more
--     at home, or null where the series is none of the agency's main ones"}
--   is_ranked: {label: 是否参与排名, text: five or more observed in a series of the agency's own}
--   documents: {label: 条目数, unit: 条, text: items of the log with these numbers}
--   sources: {label: 来源文件, text: paths under the raw folder}
WITH held AS (
  SELECT agency, series, sum(serials) AS serials
  FROM series_estimates
  GROUP BY agency, series
),

at_home AS (
  SELECT series, agency
  FROM held
  WHERE agency IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY series ORDER BY serials DESC, agency) = 1
),

-- the main series of an agency share their first two letters with 5 % or more of its own documents
stems AS (
  SELECT
    held.agency,
    substr(held.series, 1, 2) AS stem,
    CAST(sum(held.serials) AS DOUBLE) / sum(sum(held.serials)) OVER (PARTITION BY held.agency)
      AS share
  FROM held
  JOIN at_home ON at_home.series = held.series AND at_home.agency = held.agency
  GROUP BY held.agency, substr(held.series, 1, 2)
)

SELECT
  found.agency,
  found.series,
  found.year,
  found.observed,
  found.highest,
  found.estimated_total,
  found.highest AS estimated_low,
  found.estimated_high,
  found.observed / found.estimated_total AS released_share,
  CAST(found.observed AS DOUBLE) / found.estimated_high AS released_share_low,
  CAST(found.observed AS DOUBLE) / found.highest AS released_share_high,
  found.missing,
  found.missing_count,
  found.has_outlier,
  found.outliers,
  CASE
    WHEN at_home.agency <> found.agency THEN at_home.agency
    WHEN stems.share >= 0.05 THEN found.agency
  END AS issued_by,
  found.observed >= 5
    AND coalesce(at_home.agency = found.agency AND stems.share >= 0.05, FALSE) AS is_ranked,
  found.documents,
  found.sources
FROM series_estimates AS found
LEFT JOIN at_home ON at_home.series = found.series
LEFT JOIN stems ON stems.agency = found.agency AND stems.stem = substr(found.series, 1, 2)
