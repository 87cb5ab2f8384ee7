-- grain: One row per item of a rule pack (检测细则, 考核细则) that units are inspected by.
-- label: 检查考核细则
-- key: [source, place]
-- columns:
--   rule_key: {label: 细则键, text: "the item's number in the pack; where it has none, file and row"}
--   rule_id: {label: 指标编号, text: as printed}
--   section: {label: 一级指标, text: "as printed, its weight in brackets left out"}
--   weight: {label: 权重, unit: 比例, text: "of the section, 0 to 1, as its name or a column of its own
--     states", caveat: "null where neither does, and for 1, which may be 1 % or all"}
--   indicator: {label: 二级指标, text: as printed}
--   item_no: {label: 三级序号, text: as printed}
--   item: {label: 三级指标, text: short name of the item as printed}
--   text: {label: 检查内容, text: as printed}
--   deductions_stated: {label: 扣分情形数, unit: 个, text: "amounts that the text or the column of
--     deductions states (扣0.5分 …), caps left out"}
--   deduction_low: {label: 最少扣分, unit: 分, text: "the smallest amount stated", caveat: null where no
--     amount is stated}
--   deduction_high: {label: 最多单次扣分, unit: 分, text: the largest amount stated, caveat: null where no
--     amount is stated}
--   is_each: {label: 是否逐项扣分, text: "every amount is for each case found (每发现1项, 每例)",
--     caveat: null where some are and some are not}
--   deduction_cap: {label: 扣分上限, unit: 分, text: "the least of the caps stated (最多扣…分)",
--     caveat: null where none is stated}
--   marks: {label: 分值, unit: 分, text: the item's marks as printed}
--   class: {label: 类别, text: as printed}
--   class_label: {label: 类别名称, text: as printed}
--   automatable: {label: 可否自动检查, text: "full, part or none"}
--   check_type: {label: 检查方式, text: as printed}
--   schedule: {label: 检查频次, text: "daily, weekly, monthly, quarterly, half_yearly, annual or
--     continuous"}
--   evidence_required: {label: 是否须佐证, text: the unit must hand in evidence}
--   notes: {label: 说明, text: as printed}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH packs AS (
  SELECT *, coalesce(deductions, text) AS told
  FROM inspection_rules_read
),

-- each amount with the words before it: 每发现1项，扣0.2分
phrases AS (
  SELECT
    source,
    place,
    unnest(
      regexp_extract_all(
        told, '[^；;。扣]*扣[减除]?[^0-9；;。]{0,6}[0-9]+(?:\.[0-9]+)?(?:[-~～—至到][0-9.]+)? ?分'
      )
    ) AS phrase
  FROM packs
  WHERE told IS NOT NULL
),

amounts AS (
  SELECT
    source,
    place,
    TRY_CAST(regexp_extract(phrase, '扣[^0-9]*([0-9]+(?:\.[0-9]+)?)', 1) AS DECIMAL(20, 6)) AS low,
    TRY_CAST(
      nullif(regexp_extract(phrase, '([0-9]+(?:\.[0-9]+)?) ?分$', 1), '') AS DECIMAL(20, 6)
    ) AS high,
    regexp_matches(phrase, '最多|最高|至多|不超过|上限|封顶') AS is_cap,
    regexp_matches(
      phrase, '每(?:[0-9一项例次处条个件起篇少缺漏有]|发现|出现|通报)|[1一][项例处条个件起篇]'
    ) AS is_each
  FROM phrases
),

stated AS (
  SELECT
    source,
    place,
    count(*) FILTER (WHERE NOT is_cap) AS deductions_stated,
    min(low) FILTER (WHERE NOT is_cap) AS deduction_low,
    max(high) FILTER (WHERE NOT is_cap) AS deduction_high,
    min(high) FILTER (WHERE is_cap) AS deduction_cap,
    CASE
      WHEN count(*) FILTER (WHERE NOT is_cap) = 0 THEN NULL
      WHEN count(*) FILTER (WHERE NOT is_cap AND is_each) = 0 THEN FALSE
      WHEN count(*) FILTER (WHERE NOT is_cap AND NOT is_each) = 0 THEN TRUE
    END AS is_each
  FROM amounts
  GROUP BY source, place
)

SELECT
  coalesce(packs.rule_id, packs.source || '#' || packs.place) AS rule_key,
  packs.rule_id,
  nullif(trim(regexp_extract(packs.section, '^([^（(]*)', 1)), '') AS section,
  CASE
    WHEN packs.weight > 1 THEN packs.weight / 100
    WHEN packs.weight < 1 THEN packs.weight
    WHEN packs.weight = 1 THEN NULL
    ELSE
      TRY_CAST(
        regexp_extract(packs.section, '[（(][^（(0-9]*([0-9]+(?:\.[0-9]+)?)[%％]', 1)
        AS DECIMAL(20, 6)
      ) / 100
  END AS weight,
  packs.indicator,
  packs.item_no,
  packs.item,
  packs.text,
  coalesce(stated.deductions_stated, 0) AS deductions_stated,
  stated.deduction_low,
  stated.deduction_high,
  stated.is_each,
  stated.deduction_cap,
  packs.marks,
  packs.class,
  packs.class_label,
  packs.automatable,
  packs.check_type,
  packs.schedule,
  packs.evidence_required,
  packs.notes,
  packs.place,
  packs.source
FROM packs
LEFT JOIN stated ON stated.source = packs.source AND stated.place = packs.place
