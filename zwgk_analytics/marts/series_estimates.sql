-- grain: One row per agency, 文号 series and year, before it is known whose series it is.
-- label: 文号序列估计
-- key: [agency, series, year]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as in `publications`}
--   series: {label: 机关代字, text: "words glued to it taken off"}
--   year: {label: 年度, text: of the 文号}
--   observed: {label: 已见序号数, unit: 个, text: "distinct serials, outliers left out"}
--   highest: {label: 最大序号, text: of those}
--   estimated_total: {label: 估计发文数, unit: 件, text: "m + m/k − 1"}
--   estimated_high: {label: 估计上限, unit: 件, text: of the one-sided 95 % interval}
--   missing: {label: 缺号, text: "serials below the highest that are not seen, spans with a dash"}
--   missing_count: {label: 缺号数, unit: 个, text: how many they are}
--   has_outlier: {label: 有无异常序号, text: a serial is too high to belong to the series}
--   outliers: {label: 异常序号, text: those serials}
--   documents: {label: 条数, unit: 条, text: items with a serial of the series}
--   serials: {label: 序号数, unit: 个, text: "distinct serials, outliers included"}
--   sources: {label: 来源文件, text: the logs of the agency that print a 文号}
WITH printed AS (
  SELECT agency, series, count(*) AS documents
  FROM publications
  WHERE series IS NOT NULL AND series_year IS NOT NULL
  GROUP BY agency, series
),

-- a rare series that ends in a common one is that one with words glued to it
glued AS (
  SELECT rare.agency, rare.series AS printed, common.series
  FROM printed AS rare
  JOIN printed AS common
    ON common.agency IS NOT DISTINCT FROM rare.agency
    AND rare.series LIKE '%' || common.series
    AND length(rare.series) >= length(common.series) + 2
  WHERE rare.documents < 5 AND common.documents >= 10 * rare.documents AND length(common.series) > 1
  QUALIFY row_number() OVER (
    PARTITION BY rare.agency, rare.series ORDER BY length(common.series) DESC
  ) = 1
),

serials AS (
  SELECT
    publications.agency,
    coalesce(glued.series, publications.series) AS series,
    publications.series_year AS year,
    publications.serial,
    count(*) AS documents
  FROM publications
  LEFT JOIN glued
    ON glued.agency IS NOT DISTINCT FROM publications.agency
    AND glued.printed = publications.series
  WHERE publications.series IS NOT NULL AND publications.series_year IS NOT NULL
    AND publications.serial > 0
  GROUP BY 1, 2, 3, 4
),

placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY agency, series, year ORDER BY serial) AS nth,
    count(*) OVER (PARTITION BY agency, series, year) AS serials,
    lead(serial) OVER (PARTITION BY agency, series, year ORDER BY serial) AS next_serial
  FROM serials
),

-- the chance that n serials drawn below a highest one all lie under s is (s / highest)^n
limited AS (
  SELECT
    agency,
    series,
    year,
    min(
      CASE
        WHEN
          next_serial >= 3 * serial
          AND nth >= 4
          AND serials - nth <= greatest(1, floor(serials / 20))
          AND power(CAST(serial AS DOUBLE) / next_serial, nth) < 0.001
          THEN serial
      END
    ) AS last_sound
  FROM placed
  GROUP BY agency, series, year
),

judged AS (
  SELECT placed.*, limited.last_sound,
    limited.last_sound IS NOT NULL AND placed.serial > limited.last_sound AS is_outlier
  FROM placed
  JOIN limited
    ON limited.agency IS NOT DISTINCT FROM placed.agency
    AND limited.series = placed.series AND limited.year = placed.year
),

gaps AS (
  SELECT
    agency,
    series,
    year,
    serial,
    serial - lag(serial, 1, 0) OVER (PARTITION BY agency, series, year ORDER BY serial) - 1 AS gap
  FROM judged
  WHERE NOT is_outlier
),

counted AS (
  SELECT
    agency,
    series,
    year,
    count(*) AS observed,
    max(serial) AS highest,
    sum(gap) AS missing_count,
    string_agg(
      CASE
        WHEN gap = 1 THEN CAST(serial - 1 AS VARCHAR)
        WHEN gap > 1 THEN CAST(serial - gap AS VARCHAR) || '-' || CAST(serial - 1 AS VARCHAR)
      END,
      ', ' ORDER BY serial
    ) AS missing
  FROM gaps
  GROUP BY agency, series, year
),

-- the total N for which C(highest, observed) / C(N, observed) falls to 0.05; beyond the first
-- thousand steps the product is close to a power
far AS (
  SELECT
    *,
    floor(
      (highest - (observed - 1) / 2.0) * power(20, 1.0 / observed) + (observed - 1) / 2.0
    ) AS power_high
  FROM counted
),

steps AS (
  SELECT agency, series, year, observed, highest, unnest(generate_series(1, 1000)) AS step
  FROM far
  WHERE power_high - highest < 900 AND observed > 1
),

chances AS (
  SELECT
    agency,
    series,
    year,
    highest + step AS total,
    sum(ln(1 - CAST(observed AS DOUBLE) / (highest + step))) OVER (
      PARTITION BY agency, series, year ORDER BY step ROWS UNBOUNDED PRECEDING
    ) AS log_chance
  FROM steps
),

near AS (
  SELECT agency, series, year, max(total) AS exact_high
  FROM chances
  WHERE log_chance >= ln(0.05)
  GROUP BY agency, series, year
),

bounded AS (
  SELECT
    far.*,
    far.highest + CAST(far.highest AS DOUBLE) / far.observed - 1 AS estimated_total,
    CASE
      WHEN far.observed = 1 THEN 20 * far.highest
      WHEN far.power_high - far.highest >= 900 THEN CAST(far.power_high AS BIGINT)
      ELSE coalesce(near.exact_high, far.highest)
    END AS estimated_high
  FROM far
  LEFT JOIN near
    ON near.agency IS NOT DISTINCT FROM far.agency
    AND near.series = far.series AND near.year = far.year
),

listed AS (
  SELECT
    agency,
    series,
    year,
    sum(documents) AS documents,
    count(*) AS serials,
    bool_or(is_outlier) AS has_outlier,
    string_agg(CASE WHEN is_outlier THEN CAST(serial AS VARCHAR) END, ', ' ORDER BY serial)
      AS outliers
  FROM judged
  GROUP BY agency, series, year
),

files AS (
  SELECT agency, string_agg(source, '; ' ORDER BY source) AS sources
  FROM (SELECT DISTINCT agency, source FROM publications WHERE series IS NOT NULL) AS logs
  GROUP BY agency
)

SELECT
  bounded.agency,
  bounded.series,
  bounded.year,
  bounded.observed,
  bounded.highest,
  bounded.estimated_total,
  bounded.estimated_high,
  bounded.missing,
  CAST(bounded.missing_count AS BIGINT) AS missing_count,
  listed.has_outlier,
  listed.outliers,
  CAST(listed.documents AS BIGINT) AS documents,
  listed.serials,
  files.sources
FROM bounded
JOIN listed
  ON listed.agency IS NOT DISTINCT FROM bounded.agency
  AND listed.series = bounded.series AND listed.year = bounded.year
LEFT JOIN files ON files.agency IS NOT DISTINCT FROM bounded.agency
