-- grain: One row per agency and year of publication.
-- label: 公开时效
-- key: [agency, year]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   dated_items: {label: 两日期齐全条数, unit: 条, text: with both dates in the right order}
--   disordered_items: {label: 日期倒置条数, unit: 条, text: published before issued, caveat: left out
--     of every measure of time}
--   workday_items: {label: 可计工作日条数, unit: 条, text: dated items within the holiday calendar}
--   median_lag_days: {label: 公开间隔中位数, unit: 天, text: of the dated items}
--   p90_lag_days: {label: 公开间隔九成分位数, unit: 天, text: of the dated items}
--   share_within_20_workdays: {label: 二十个工作日内公开比例, unit: 比例, text: "workday_items within
--     20 working days over workday_items"}
SELECT
  agency,
  CAST(year(published_on) AS INTEGER) AS year,
  count(*) AS items,
  count(*) FILTER (WHERE lag_days >= 0) AS dated_items,
  count(*) FILTER (WHERE lag_days < 0) AS disordered_items,
  count(*) FILTER (WHERE lag_days >= 0 AND lag_workdays IS NOT NULL) AS workday_items,
  percentile(CASE WHEN lag_days >= 0 THEN lag_days END, 0.5) AS median_lag_days,
  percentile(CASE WHEN lag_days >= 0 THEN lag_days END, 0.9) AS p90_lag_days,
  avg(
    CASE WHEN lag_days >= 0 AND lag_workdays IS NOT NULL THEN
      CASE WHEN lag_workdays <= 20 THEN 1.0 ELSE 0.0 END
    END
  ) AS share_within_20_workdays
FROM publications
WHERE published_on IS NOT NULL AND NOT is_repeat
GROUP BY agency, CAST(year(published_on) AS INTEGER)
