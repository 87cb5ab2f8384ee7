-- grain: One row per service item that is not cancelled and element (要素) asked of its type.
-- label: 服务事项要素
-- key: [source, place, element]
-- columns:
--   agency: {label: 单位, text: "by the register's name, else as printed"}
--   item: {label: 事项名称, text: as printed}
--   item_type: {label: 事项类型, text: "service, approval or other; null where the ledger does not state
--     it, and then the elements of `unstated` are asked"}
--   element: {label: 要素, text: its key in elements.yml}
--   label: {label: 要素名称, text: as it is printed}
--   position: {label: 顺序, text: of the element among all}
--   stated: {label: 所填内容, text: "what the cell says: the text itself, or whether it is public"}
--   state: {label: 是否公开, text: "present or missing (blank, a dash, 无, 未公开, 不全 …)", caveat: null
--     where the ledger has no column for it}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH asked AS (
  SELECT
    items.agency,
    items.item,
    items.item_type,
    rules.element,
    rules.label,
    rules.position,
    rules.none_is_text,
    CASE rules.element
      WHEN 'item' THEN printed.item
      WHEN 'basis' THEN printed.basis
      WHEN 'content' THEN printed.content
      WHEN 'conditions' THEN printed.conditions
      WHEN 'materials' THEN printed.materials
      WHEN 'address' THEN printed.address
      WHEN 'hours' THEN printed.hours
      WHEN 'phone' THEN printed.phone
      WHEN 'process' THEN printed.process
      WHEN 'time_limit' THEN printed.time_limit
      WHEN 'result' THEN printed.result
      WHEN 'fees' THEN printed.fees
    END AS stated,
    items.place,
    items.source
  FROM service_offers AS items
  JOIN service_items_read AS printed
    ON printed.source = items.source AND printed.place = items.place
  JOIN element_rules AS rules ON rules.item_type = coalesce(items.item_type, 'unstated')
  WHERE NOT coalesce(items.is_cancelled, FALSE)
),

-- 无 is the text itself only in a row that is written out: one that has texts and no marks
judged AS (
  SELECT
    asked.*,
    words.says,
    count(CASE WHEN words.says = 'public' THEN 1 END)
      OVER (PARTITION BY asked.source, asked.place) = 0
    AND count(CASE WHEN words.says IS NULL AND asked.stated <> '' THEN 1 END)
      OVER (PARTITION BY asked.source, asked.place) > 1 AS is_written_out
  FROM asked
  LEFT JOIN element_words AS words ON words.word = replace(asked.stated, ' ', '')
)

SELECT
  agency,
  item,
  item_type,
  element,
  label,
  position,
  stated,
  CASE
    WHEN stated IS NULL THEN NULL
    WHEN stated = '' OR says = 'absent' THEN 'missing'
    WHEN says = 'no' AND NOT (none_is_text AND is_written_out) THEN 'missing'
    ELSE 'present'
  END AS state,
  place,
  source
FROM judged
