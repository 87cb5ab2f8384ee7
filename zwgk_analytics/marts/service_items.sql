-- grain: One row per service guide or approval item (办事指南, 行政审批事项) as a ledger lists it.
-- label: 服务事项
-- key: [source, place]
-- columns:
--   agency: {label: 单位, text: "by the register's name, else as printed"}
--   code: {label: 事项编码, text: as printed}
--   item: {label: 事项名称, text: "as printed, the sub-item (子项) after a dash"}
--   item_type: {label: 事项类型, text: "service, approval or other; null where the ledger does not state
--     it"}
--   status: {label: 状态, text: "kept, cancelled or adjusted; null where the ledger does not state it"}
--   required: {label: 应公开要素数, unit: 项, text: "elements asked of the type by elements.yml", caveat:
--     null for a cancelled item}
--   assessed: {label: 可评估要素数, unit: 项, text: those that the ledger has a column for}
--   present: {label: 已公开要素数, unit: 项, text: "those whose cell has a text or says that it is public"}
--   share_complete: {label: 要素完整率, unit: 比例, text: present over assessed, caveat: of the elements
--     that the ledger has a column for}
--   missing: {label: 缺少的要素, text: "in Chinese, in the order of the form; null where none is"}
--   unrecorded: {label: 未登记的要素, text: those that the ledger has no column for}
--   is_complete: {label: 要素是否齐全, text: nothing is missing, caveat: null where nothing is missing but
--     the ledger lacks columns}
--   is_cancelled: {label: 是否已取消, text: as in service_offers}
--   cancelled_by: {label: 取消依据文号, text: as printed}
--   cancelled_on: {label: 取消日期, text: as printed}
--   is_cancelled_offered: {label: 是否取消后仍办理, text: as in service_offers, caveat: null where nothing
--     tells it}
--   offered_how: {label: 仍办理的依据, text: "stated, listed (another row) or hall"}
--   is_outside_hall: {label: 是否未进驻大厅, text: "it is not cancelled and not in the hall", caveat: null
--     where the ledger does not say}
--   hall_window: {label: 办理窗口, text: as printed}
--   url: {label: 网址, text: where the guide is published}
--   updated_on: {label: 更新日期, text: when the guide was last brought up to date}
--   is_repeat: {label: 是否重复, text: "another row of the unit lists the same item, and is newer"}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH counted AS (
  SELECT
    source,
    place,
    count(*) AS required,
    count(state) AS assessed,
    count(*) FILTER (WHERE state = 'present') AS present,
    string_agg(label, '、' ORDER BY position) FILTER (WHERE state = 'missing') AS missing,
    string_agg(label, '、' ORDER BY position) FILTER (WHERE state IS NULL) AS unrecorded
  FROM service_elements
  GROUP BY source, place
)

SELECT
  items.agency,
  items.code,
  items.item,
  items.item_type,
  items.status,
  counted.required,
  counted.assessed,
  counted.present,
  CASE WHEN counted.assessed > 0 THEN CAST(counted.present AS DOUBLE) / counted.assessed END
    AS share_complete,
  counted.missing,
  counted.unrecorded,
  CASE
    WHEN counted.present < counted.assessed THEN FALSE
    WHEN counted.present = counted.required THEN TRUE
  END AS is_complete,
  items.is_cancelled,
  items.cancelled_by,
  items.cancelled_on,
  items.is_cancelled_offered,
  items.offered_how,
  items.is_outside_hall,
  items.hall_window,
  items.url,
  items.updated_on,
  items.is_repeat,
  items.place,
  items.source
FROM service_offers AS items
LEFT JOIN counted ON counted.source = items.source AND counted.place = items.place
