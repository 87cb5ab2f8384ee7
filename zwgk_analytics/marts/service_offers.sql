-- grain: One row per service item as a ledger lists it, and whether it is still offered.
-- label: 服务事项办理状态
-- key: [source, place]
-- columns:
--   agency: {label: 单位, text: "by the register's name, else as printed"}
--   code: {label: 事项编码, text: as printed}
--   item: {label: 事项名称, text: "as printed, the sub-item (子项) after a dash"}
--   item_type: {label: 事项类型, text: "service, approval or other"}
--   status: {label: 状态, text: "kept, cancelled or adjusted"}
--   is_cancelled: {label: 是否已取消, text: "by its status, else by the decision or day that cancelled
--     it; not before that day", caveat: null where the ledger states none of them}
--   cancelled_by: {label: 取消依据文号, text: as printed}
--   cancelled_on: {label: 取消日期, text: as printed}
--   is_cancelled_offered: {label: 是否取消后仍办理, text: "it is cancelled and the ledger says that it is
--     still handled, or another row of the unit lists it later than that day, or it has a window or
--     a place in the hall", caveat: null where nothing tells it}
--   offered_how: {label: 仍办理的依据, text: "stated, listed (another row) or hall; null where it is not"}
--   in_hall: {label: 是否进驻大厅, text: as printed}
--   is_outside_hall: {label: 是否未进驻大厅, text: "it is not cancelled and not in the hall", caveat: null
--     where the ledger does not say}
--   hall_window: {label: 办理窗口, text: as printed}
--   url: {label: 网址, text: where the guide is published}
--   updated_on: {label: 更新日期, text: when the guide was last brought up to date}
--   is_repeat: {label: 是否重复, text: "another row of the unit lists the same item, and is newer"}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH listed AS (
  SELECT
    coalesce(names.agency, items.agency) AS agency,
    items.code,
    concat_ws(' - ', items.item, items.sub_item) AS item,
    title_key(concat_ws('', items.item, items.sub_item)) AS item_key,
    items.item_type,
    items.status,
    CASE
      WHEN items.cancelled_on > refreshed.refreshed_on THEN FALSE
      WHEN items.status IS NOT NULL THEN items.status = 'cancelled'
      WHEN items.cancelled_on IS NOT NULL OR decisions.cancelled_by IS NOT NULL THEN TRUE
    END AS is_cancelled,
    items.cancelled_by,
    items.cancelled_on,
    items.still_offered,
    items.in_hall,
    items.hall_window,
    windows.hall_window IS NOT NULL AS has_window,
    items.url,
    items.updated_on,
    items.place,
    items.source
  FROM service_items_read AS items
  LEFT JOIN agency_names AS names ON names.printed = items.agency
  LEFT JOIN (
    SELECT DISTINCT cancelled_by
    FROM service_items_read
    WHERE cancelled_by NOT IN (SELECT word FROM element_words)
  ) AS decisions ON decisions.cancelled_by = items.cancelled_by
  LEFT JOIN (
    SELECT DISTINCT hall_window
    FROM service_items_read
    WHERE hall_window NOT IN (SELECT word FROM element_words WHERE says <> 'public')
  ) AS windows ON windows.hall_window = items.hall_window
  CROSS JOIN refreshed
),

listed_later AS (
  SELECT DISTINCT gone.source, gone.place
  FROM listed AS gone
  JOIN listed AS other
    ON other.agency = gone.agency
    AND other.item_key = gone.item_key
    AND other.updated_on >= gone.cancelled_on
  WHERE gone.is_cancelled AND NOT coalesce(other.is_cancelled, FALSE)
),

told AS (
  SELECT
    listed.*,
    CASE
      WHEN listed.is_cancelled AND listed.still_offered THEN 'stated'
      WHEN listed.is_cancelled AND listed_later.place IS NOT NULL THEN 'listed'
      WHEN
        listed.is_cancelled AND listed.still_offered IS NULL
        AND (listed.has_window OR listed.in_hall)
        THEN 'hall'
    END AS offered_how
  FROM listed
  LEFT JOIN listed_later
    ON listed_later.source = listed.source AND listed_later.place = listed.place
)

SELECT
  agency,
  code,
  item,
  item_type,
  status,
  is_cancelled,
  cancelled_by,
  cancelled_on,
  CASE
    WHEN NOT is_cancelled OR (is_cancelled AND offered_how IS NULL AND NOT still_offered) THEN FALSE
    WHEN offered_how IS NOT NULL THEN TRUE
  END AS is_cancelled_offered,
  offered_how,
  in_hall,
  CASE WHEN NOT coalesce(is_cancelled, FALSE) THEN NOT in_hall END AS is_outside_hall,
  hall_window,
  url,
  updated_on,
  row_number() OVER (
    PARTITION BY agency, item_key, code, coalesce(is_cancelled, FALSE)
    ORDER BY updated_on DESC NULLS LAST, source DESC, length(place) DESC, place DESC
  ) > 1 AS is_repeat,
  place,
  source
FROM told
