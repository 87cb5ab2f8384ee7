-- grain: One row per unit and round of an inspection; a round without a name is one file.
-- label: 督查检测得分
-- key: [agency, round, unnamed_in]
-- columns:
--   agency: {label: 被查单位, text: "by the register's name, else as printed"}
--   round: {label: 轮次, text: as printed}
--   year: {label: 年度, text: as in `inspections`}
--   unnamed_in: {label: 无轮次名的文件, text: the file whose rows name no round; null where they do}
--   problems: {label: 问题数, unit: 个, text: rows that say that nothing was found are left out}
--   deductions_missing: {label: 未列扣分的问题数, unit: 个, text: problems without a deduction}
--   deducted: {label: 扣分合计, unit: 分, text: "sum of the deductions, those of one item no more than its
--     cap", caveat: null where a deduction is missing}
--   full_marks: {label: 满分, unit: 分, text: "as the ledger states, else inspection_full_marks of
--     limits.yml", caveat: null where the ledger states several}
--   full_marks_from: {label: 满分依据, text: "stated, or setting"}
--   recomputed: {label: 重算得分, unit: 分, text: "full_marks − deducted", caveat: null where a deduction
--     is missing}
--   stated: {label: 原定得分, unit: 分, text: as the ledger states, caveat: null where it states none or
--     several}
--   scores_stated: {label: 原定得分个数, unit: 个, text: different scores that the rows state}
--   difference: {label: 差额, unit: 分, text: "stated − recomputed"}
--   first_found_on: {label: 最早检查日期, text: of the rows}
--   last_found_on: {label: 最晚检查日期, text: of the rows}
--   round_ends_on: {label: 轮次截止日, text: as in `inspections`}
--   place: {label: 位置, text: the first row that states the score or else any}
--   source: {label: 来源文件, text: path under the raw folder}
WITH located AS (
  SELECT
    *,
    CASE WHEN round IS NULL THEN source END AS unnamed_in,
    coalesce(
      rule_key,
      nullif(title_key(concat_ws('|', indicator, item, channel)), ''),
      inspection_id
    ) AS item_key
  FROM inspections
),

items AS (
  SELECT
    agency,
    round,
    unnamed_in,
    item_key,
    count(*) FILTER (WHERE is_problem AND deduction IS NULL) AS missing,
    least(sum(deduction), min(deduction_cap)) AS deducted
  FROM located
  GROUP BY agency, round, unnamed_in, item_key
),

summed AS (
  SELECT
    agency,
    round,
    unnamed_in,
    CAST(sum(missing) AS BIGINT) AS deductions_missing,
    sum(deducted) AS deducted
  FROM items
  GROUP BY agency, round, unnamed_in
),

units AS (
  SELECT
    agency,
    round,
    unnamed_in,
    count(*) FILTER (WHERE is_problem) AS problems,
    count(DISTINCT score) AS scores_stated,
    min(score) AS lowest,
    count(DISTINCT full_marks) AS marks_stated,
    min(full_marks) AS marks,
    min(found_on) AS first_found_on,
    max(found_on) AS last_found_on,
    max(round_ends_on) AS round_ends_on,
    max(year) AS year,
    coalesce(min(place) FILTER (WHERE score IS NOT NULL), min(place)) AS place,
    min(source) AS source
  FROM located
  GROUP BY agency, round, unnamed_in
),

settings AS (
  SELECT units.agency, limits.value
  FROM (SELECT DISTINCT agency FROM units) AS units
  JOIN limits
    ON limits.name = 'inspection_full_marks'
    AND (limits.region IS NULL OR units.agency LIKE '%' || limits.region || '%')
  QUALIFY row_number() OVER (
    PARTITION BY units.agency ORDER BY length(limits.region) DESC NULLS LAST
  ) = 1
),

counted AS (
  SELECT
    units.*,
    summed.deductions_missing,
    CASE
      WHEN summed.deductions_missing > 0 THEN NULL
      WHEN units.problems = 0 AND summed.deducted IS NULL THEN 0
      ELSE summed.deducted
    END AS deducted,
    CASE
      WHEN units.marks_stated = 1 THEN units.marks
      WHEN units.marks_stated = 0 THEN CAST(settings.value AS DECIMAL(20, 6))
    END AS full_marks,
    CASE units.marks_stated WHEN 1 THEN 'stated' WHEN 0 THEN 'setting' END AS full_marks_from,
    CASE WHEN units.scores_stated = 1 THEN units.lowest END AS stated
  FROM units
  JOIN summed
    ON summed.agency IS NOT DISTINCT FROM units.agency
    AND summed.round IS NOT DISTINCT FROM units.round
    AND summed.unnamed_in IS NOT DISTINCT FROM units.unnamed_in
  LEFT JOIN settings ON settings.agency IS NOT DISTINCT FROM units.agency
)

SELECT
  agency,
  round,
  year,
  unnamed_in,
  problems,
  deductions_missing,
  deducted,
  full_marks,
  full_marks_from,
  full_marks - deducted AS recomputed,
  stated,
  scores_stated,
  stated - (full_marks - deducted) AS difference,
  first_found_on,
  last_found_on,
  round_ends_on,
  place,
  source
FROM counted
