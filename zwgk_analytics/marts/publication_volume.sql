-- grain: One row per agency, month, category and channel.
-- label: 公开信息数量
-- key: [agency, month, category, channel]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   month: {label: 月份, text: first day of the month of publication}
--   category: {label: 分类, text: as the log states; null where it states none}
--   channel: {label: 栏目, text: name of the column; null where the log states none}
--   items: {label: 条数, unit: 条, text: items published, caveat: exact repeats and items without a
--     date of publication are left out}
SELECT
  agency,
  CAST(date_trunc('month', published_on) AS DATE) AS month,
  category,
  channel_name AS channel,
  count(*) AS items
FROM publications
WHERE published_on IS NOT NULL AND NOT is_repeat
GROUP BY agency, CAST(date_trunc('month', published_on) AS DATE), category, channel_name
