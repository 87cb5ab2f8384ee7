-- grain: One row per agency and year of publication.
-- label: 公开时效
-- key: [agency, year]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   dated_items: {label: 两日期齐全条数, unit: 条, text: "with both dates in the right order, bulk
--     migrations included"}
--   disordered_items: {label: 日期倒置条数, unit: 条, text: published before issued, caveat: left out
--     of every measure of time}
--   migration_items: {label: 批量迁移条数, unit: 条, text: dated items of bulk migrations, caveat: left
--     out of every measure that does not say with_migrations}
--   workday_items: {label: 可计工作日条数, unit: 条, text: dated items without migrations of which it is
--     known whether they took 20 working days}
--   median_lag_days: {label: 公开间隔中位数, unit: 天, text: of the dated items without migrations}
--   p90_lag_days: {label: 公开间隔九成分位数, unit: 天, text: of the same}
--   median_lag_workdays: {label: 公开间隔中位数（工作日）, unit: 工作日, text: "of the same, 调休 counted",
--     caveat: items outside of the holiday calendar are left out}
--   p90_lag_workdays: {label: 公开间隔九成分位数（工作日）, unit: 工作日, text: of the same}
--   share_within_20_workdays: {label: 二十个工作日内公开比例, unit: 比例, text: "workday_items within
--     20 working days over workday_items"}
--   median_lag_days_with_migrations: {label: 公开间隔中位数（含批量迁移）, unit: 天, text: of all dated items}
--   p90_lag_days_with_migrations: {label: 公开间隔九成分位数（含批量迁移）, unit: 天, text: of all dated items}
--   share_within_20_workdays_with_migrations: {label: 二十个工作日内公开比例（含批量迁移）, unit: 比例,
--     text: of all dated items of which it is known}
WITH published AS (
  SELECT
    agency,
    CAST(year(published_on) AS INTEGER) AS year,
    lag_days,
    CASE WHEN lag_days >= 0 THEN lag_days END AS any_lag,
    CASE WHEN lag_days >= 0 AND NOT is_migration THEN lag_days END AS own_lag,
    CASE WHEN lag_days >= 0 AND NOT is_migration THEN lag_workdays END AS own_workdays,
    CASE is_within_20_workdays WHEN TRUE THEN 1.0 WHEN FALSE THEN 0.0 END AS is_within,
    is_migration
  FROM publications
  WHERE published_on IS NOT NULL AND NOT is_repeat
)

SELECT
  agency,
  year,
  count(*) AS items,
  count(any_lag) AS dated_items,
  count(*) FILTER (WHERE lag_days < 0) AS disordered_items,
  count(*) FILTER (WHERE is_migration) AS migration_items,
  count(is_within) FILTER (WHERE NOT is_migration) AS workday_items,
  percentile(own_lag, 0.5) AS median_lag_days,
  percentile(own_lag, 0.9) AS p90_lag_days,
  percentile(own_workdays, 0.5) AS median_lag_workdays,
  percentile(own_workdays, 0.9) AS p90_lag_workdays,
  avg(CASE WHEN NOT is_migration THEN is_within END) AS share_within_20_workdays,
  percentile(any_lag, 0.5) AS median_lag_days_with_migrations,
  percentile(any_lag, 0.9) AS p90_lag_days_with_migrations,
  avg(is_within) AS share_within_20_workdays_with_migrations
FROM published
GROUP BY agency, year
