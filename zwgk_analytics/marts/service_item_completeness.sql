-- grain: One row per agency with service items; repeats left out.
-- label: 服务事项要素完整性
-- key: [agency]
-- columns:
--   agency: {label: 单位, text: "by the register's name, else as printed"}
--   items: {label: 事项数, unit: 项, text: cancelled ones left out}
--   approvals: {label: 审批事项数, unit: 项, text: those of the type approval}
--   complete: {label: 要素齐全事项数, unit: 项, text: nothing is missing}
--   incomplete: {label: 要素不全事项数, unit: 项, text: an element is missing}
--   not_assessable: {label: 无法判定事项数, unit: 项, text: "nothing is missing, but the ledger lacks
--     columns"}
--   assessed: {label: 可评估要素数, unit: 项, text: over all items}
--   present: {label: 已公开要素数, unit: 项, text: over all items}
--   share_complete: {label: 要素完整率, unit: 比例, text: present over assessed, caveat: of the elements
--     that the ledgers have a column for}
--   cancelled: {label: 已取消事项数, unit: 项, text: cancelled items, caveat: null where no ledger says
--     what is cancelled}
--   cancelled_offered: {label: 取消后仍办理事项数, unit: 项, text: "cancelled items that are still offered",
--     caveat: null where no ledger says what is cancelled}
--   cancelled_untold: {label: 取消后是否办理不详事项数, unit: 项, text: "cancelled items of which nothing
--     tells whether they are still offered"}
--   hall_stated: {label: 载明是否进驻的事项数, unit: 项, text: "items of which the ledger says whether they
--     are in the hall"}
--   outside_hall: {label: 未进驻大厅事项数, unit: 项, text: of those, caveat: null where none is stated}
--   updated_on: {label: 最近更新日期, text: of its newest guide}
--   sources: {label: 来源文件, text: "paths under the raw folder, comma-separated"}
SELECT
  agency,
  count(*) FILTER (WHERE required IS NOT NULL) AS items,
  count(*) FILTER (WHERE required IS NOT NULL AND item_type = 'approval') AS approvals,
  count(*) FILTER (WHERE is_complete) AS complete,
  count(*) FILTER (WHERE NOT is_complete) AS incomplete,
  count(*) FILTER (WHERE required IS NOT NULL AND is_complete IS NULL) AS not_assessable,
  CAST(sum(assessed) AS BIGINT) AS assessed,
  CAST(sum(present) AS BIGINT) AS present,
  CASE WHEN sum(assessed) > 0 THEN CAST(sum(present) AS DOUBLE) / sum(assessed) END
    AS share_complete,
  CASE WHEN count(is_cancelled) > 0 THEN count(*) FILTER (WHERE is_cancelled) END AS cancelled,
  CASE WHEN count(is_cancelled) > 0 THEN count(*) FILTER (WHERE is_cancelled_offered) END
    AS cancelled_offered,
  count(*) FILTER (WHERE is_cancelled AND is_cancelled_offered IS NULL) AS cancelled_untold,
  count(is_outside_hall) AS hall_stated,
  CASE WHEN count(is_outside_hall) > 0 THEN count(*) FILTER (WHERE is_outside_hall) END
    AS outside_hall,
  max(updated_on) AS updated_on,
  string_agg(DISTINCT source, ', ' ORDER BY source) AS sources
FROM service_items
WHERE NOT is_repeat
GROUP BY agency
