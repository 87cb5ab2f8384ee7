-- grain: One row per agency and year of a ledger of requests.
-- label: 依申请公开办理时效
-- key: [agency, year]
-- columns:
--   agency: {label: 机关, text: who was asked}
--   year: {label: 年度, text: "of receipt for received, running and overdue; of the reply for the rest"}
--   received: {label: 收到申请, unit: 件, text: requests of the year, caveat: those without any day are in
--     no year}
--   closed: {label: 已答复, unit: 件, text: replied to in the year}
--   timed: {label: 可判定按期的, unit: 件, text: of the closed, caveat: the others lack a day that the
--     deadline needs}
--   on_time: {label: 按期答复, unit: 件, text: of the timed}
--   on_time_share: {label: 按期答复率, unit: 比例, text: on_time over timed}
--   median_workdays: {label: 答复用时中位数, unit: 工作日, text: "of the closed, excluded days left out"}
--   p90_workdays: {label: 答复用时九成分位数, unit: 工作日, text: of the same}
--   undated: {label: 有结果无答复日期, unit: 件, text: "received in the year, with an outcome and no day of
--     reply: neither among the closed nor the running"}
--   extended: {label: 延期答复, unit: 件, text: of the closed, caveat: those of which it cannot be told are
--     not among them}
--   corrected: {label: 要求补正, unit: 件, text: of the closed}
--   running: {label: 在办, unit: 件, text: received in the year and not closed at the refresh}
--   overdue: {label: 逾期未答复, unit: 件, text: of the running, caveat: those of which it cannot be told
--     are not among them}
--   source: {label: 来源文件, text: the ledgers}
WITH once AS (
  SELECT * FROM requests WHERE NOT is_repeat
),

facts AS (
  SELECT
    agency, year, 1 AS received, 0 AS closed, CAST(NULL AS BOOLEAN) AS is_on_time,
    CAST(NULL AS BIGINT) AS workdays_used, 0 AS extended, 0 AS corrected,
    CASE WHEN NOT is_running AND replied_on IS NULL THEN 1 ELSE 0 END AS undated,
    CASE WHEN is_running THEN 1 ELSE 0 END AS running,
    CASE WHEN is_overdue THEN 1 ELSE 0 END AS overdue, source
  FROM once
  WHERE year IS NOT NULL
  UNION ALL
  SELECT
    agency, CAST(year(replied_on) AS INTEGER), 0, 1, is_on_time, workdays_used,
    CASE WHEN is_extended THEN 1 ELSE 0 END,
    CASE WHEN correction_asked_on IS NOT NULL OR corrected_on IS NOT NULL THEN 1 ELSE 0 END,
    0, 0, 0, source
  FROM once
  WHERE replied_on IS NOT NULL
)

SELECT
  agency,
  year,
  CAST(sum(received) AS BIGINT) AS received,
  CAST(sum(closed) AS BIGINT) AS closed,
  count(is_on_time) AS timed,
  count(*) FILTER (WHERE is_on_time) AS on_time,
  CAST(count(*) FILTER (WHERE is_on_time) AS DOUBLE) / nullif(count(is_on_time), 0)
    AS on_time_share,
  percentile(workdays_used, 0.5) AS median_workdays,
  percentile(workdays_used, 0.9) AS p90_workdays,
  CAST(sum(undated) AS BIGINT) AS undated,
  CAST(sum(extended) AS BIGINT) AS extended,
  CAST(sum(corrected) AS BIGINT) AS corrected,
  CAST(sum(running) AS BIGINT) AS running,
  CAST(sum(overdue) AS BIGINT) AS overdue,
  string_agg(DISTINCT source, '; ' ORDER BY source) AS source
FROM facts
GROUP BY agency, year
