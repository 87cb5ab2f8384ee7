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
    bool_or(is_outlier) AS has_outlier,
    string_agg(CASE WHEN is_outlier THEN CAST(serial AS VARCHAR) END, ', ' ORDER BY serial)
      AS outliers
  FROM judged
  GROUP BY agency, series, year
),

held AS (
  SELECT agency, series, count(*) AS serials
  FROM serials
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
  bounded.highest AS estimated_low,
  bounded.estimated_high,
  bounded.observed / bounded.estimated_total AS released_share,
  CAST(bounded.observed AS DOUBLE) / bounded.estimated_high AS released_share_low,
  CAST(bounded.observed AS DOUBLE) / bounded.highest AS released_share_high,
  bounded.missing,
  CAST(bounded.missing_count AS BIGINT) AS missing_count,
  listed.has_outlier,
  listed.outliers,
  CASE
    WHEN at_home.agency <> bounded.agency THEN at_home.agency
    WHEN stems.share >= 0.05 THEN bounded.agency
  END AS issued_by,
  bounded.observed >= 5
    AND coalesce(at_home.agency = bounded.agency AND stems.share >= 0.05, FALSE) AS is_ranked,
  CAST(listed.documents AS BIGINT) AS documents,
  files.sources
FROM bounded
JOIN listed
  ON listed.agency IS NOT DISTINCT FROM bounded.agency
  AND listed.series = bounded.series AND listed.year = bounded.year
LEFT JOIN at_home ON at_home.series = bounded.series
LEFT JOIN stems ON stems.agency = bounded.agency AND stems.stem = substr(bounded.series, 1, 2)
LEFT JOIN files ON files.agency IS NOT DISTINCT FROM bounded.agency
