-- grain: One row per unit of the rectification ledgers.
-- label: 整改完成情况
-- key: [agency]
-- columns:
--   agency: {label: 责任单位, text: as in `rectifications`; null where a ledger names none}
--   problems: {label: 问题数, unit: 个, text: of all ledgers}
--   done: {label: 已整改, unit: 个, text: status done}
--   explained: {label: 情况说明, unit: 个, text: status explained}
--   open: {label: 未整改, unit: 个, text: "status open: not yet due, or without a day due"}
--   overdue: {label: 逾期未整改, unit: 个, text: status overdue}
--   reopened: {label: 复发, unit: 个, text: status reopened}
--   closing_rate: {label: 整改完成率, unit: 比例, text: "(done + explained) ÷ problems", caveat: by the
--     units' own word; explained problems count as closed}
--   done_rate: {label: 实际整改率, unit: 比例, text: "done ÷ problems"}
--   dated: {label: 有起止日期的问题数, unit: 个, text: closed problems of which both days are known}
--   median_days: {label: 整改用时中位数, unit: 天, text: of the dated ones, caveat: null where none is dated}
--   source: {label: 来源文件, text: "of all ledgers, comma-separated"}
SELECT
  agency,
  count(*) AS problems,
  count(*) FILTER (WHERE status = 'done') AS done,
  count(*) FILTER (WHERE status = 'explained') AS explained,
  count(*) FILTER (WHERE status = 'open') AS open,
  count(*) FILTER (WHERE status = 'overdue') AS overdue,
  count(*) FILTER (WHERE status = 'reopened') AS reopened,
  CAST(count(*) FILTER (WHERE status IN ('done', 'explained')) AS DOUBLE) / count(*)
    AS closing_rate,
  CAST(count(*) FILTER (WHERE status = 'done') AS DOUBLE) / count(*) AS done_rate,
  count(days_to_close) AS dated,
  percentile(days_to_close, 0.5) AS median_days,
  string_agg(DISTINCT source, ', ' ORDER BY source) AS source
FROM rectifications
GROUP BY agency
