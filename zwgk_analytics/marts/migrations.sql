-- grain: One row per bulk migration of an agency, old documents that were published together.
-- label: 批量迁移
-- key: [agency, first_day]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   first_day: {label: 首日, text: first day of publication}
--   last_day: {label: 末日, text: "last day; a pause of over a week begins another migration"}
--   items: {label: 条数, unit: 条, text: old documents; repeats left out}
--   days: {label: 天数, unit: 天, text: days on which they were published}
--   median_lag: {label: 公开间隔中位数, unit: 天, text: of these documents}
--   oldest_issued_on: {label: 最早成文日期, text: day of the oldest document}
--   source: {label: 来源文件, text: paths under the raw folder}
WITH migration_days AS (
  SELECT agency, published_on
  FROM publications
  WHERE is_migration AND NOT is_repeat
  GROUP BY agency, published_on
),

begun AS (
  SELECT
    agency,
    published_on,
    coalesce(
      days_between(
        lag(published_on) OVER (PARTITION BY agency ORDER BY published_on), published_on
      ) > 7,
      TRUE
    ) AS is_first
  FROM migration_days
),

episodes AS (
  SELECT
    agency,
    published_on,
    sum(CASE WHEN is_first THEN 1 ELSE 0 END) OVER (
      PARTITION BY agency ORDER BY published_on ROWS UNBOUNDED PRECEDING
    ) AS episode
  FROM begun
),

files AS (
  SELECT agency, string_agg(source, '; ' ORDER BY source) AS source
  FROM (SELECT DISTINCT agency, source FROM publications WHERE is_migration) AS listed
  GROUP BY agency
)

SELECT
  publications.agency,
  min(publications.published_on) AS first_day,
  max(publications.published_on) AS last_day,
  count(*) AS items,
  count(DISTINCT publications.published_on) AS days,
  percentile(publications.lag_days, 0.5) AS median_lag,
  min(publications.issued_on) AS oldest_issued_on,
  min(files.source) AS source
FROM publications
JOIN episodes
  ON episodes.agency IS NOT DISTINCT FROM publications.agency
  AND episodes.published_on = publications.published_on
JOIN files ON files.agency IS NOT DISTINCT FROM publications.agency
WHERE publications.is_migration AND NOT publications.is_repeat
GROUP BY publications.agency, episodes.episode
