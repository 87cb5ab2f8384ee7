-- grain: One row per agency and year of publication.
-- label: 公开节奏
-- key: [agency, year]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   year_end_items: {label: 年底条数, unit: 条, text: published from 22 to 31 December}
--   year_end_share: {label: 年底占比, unit: 比例, text: "year_end_items over items; ten even days of a
--     year would hold 0.027", caveat: null where the log ends before 31 December of the year}
--   rest_day_items: {label: 休息日条数, unit: 条, text: "published on days off, 调休 counted", caveat: null
--     outside of the years of the holiday calendar}
--   rest_day_share: {label: 休息日占比, unit: 比例, text: rest_day_items over items}
--   timed_items: {label: 有时刻条数, unit: 条, text: of which the log prints the time of day}
--   night_items: {label: 夜间条数, unit: 条, text: "published from 22:00 to 6:00", caveat: null where no
--     time is printed}
--   night_share: {label: 夜间占比, unit: 比例, text: night_items over timed_items}
WITH published AS (
  SELECT
    publications.agency,
    CAST(year(publications.published_on) AS INTEGER) AS year,
    publications.published_on,
    publications.published_time,
    month(publications.published_on) = 12 AND day(publications.published_on) >= 22 AS is_year_end,
    workdays.workday_number = day_before.workday_number AS is_rest_day,
    publications.published_time >= '22:00' OR publications.published_time < '06:00' AS is_night,
    max(publications.published_on) OVER (PARTITION BY publications.agency) AS log_ends_on
  FROM publications
  LEFT JOIN workdays ON workdays.day = publications.published_on
  LEFT JOIN workdays AS day_before
    ON day_before.day = publications.published_on - INTERVAL 1 DAY
  WHERE publications.published_on IS NOT NULL AND NOT publications.is_repeat
),

counted AS (
  SELECT
    agency,
    year,
    max(year(log_ends_on) > year OR (month(log_ends_on) = 12 AND day(log_ends_on) = 31))
      AS is_whole,
    count(*) AS items,
    count(*) FILTER (WHERE is_year_end) AS year_end_items,
    CASE WHEN count(is_rest_day) = count(*) THEN count(*) FILTER (WHERE is_rest_day) END
      AS rest_day_items,
    count(published_time) AS timed_items,
    CASE WHEN count(published_time) > 0 THEN count(*) FILTER (WHERE is_night) END AS night_items
  FROM published
  GROUP BY agency, year
)

SELECT
  agency,
  year,
  items,
  year_end_items,
  CASE WHEN is_whole THEN CAST(year_end_items AS DOUBLE) / items END AS year_end_share,
  rest_day_items,
  CAST(rest_day_items AS DOUBLE) / items AS rest_day_share,
  timed_items,
  night_items,
  CAST(night_items AS DOUBLE) / nullif(timed_items, 0) AS night_share
FROM counted
