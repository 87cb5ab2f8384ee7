-- grain: One row per problem found in a unit in one round of an inspection; the same row in several
--   files counts once.
-- label: 督查检测发现
-- key: [inspection_id]
-- columns:
--   inspection_id: {label: 检查发现编号, text: "of file and row"}
--   round: {label: 轮次, text: as printed}
--   found_on: {label: 检查日期, text: "the day on which it was found, as printed"}
--   round_ends_on: {label: 轮次截止日, text: "last day of the period that the round's name tells: a
--     quarter, half, month or year", caveat: null where it tells no year}
--   year: {label: 年度, text: "that the round's name tells, else of found_on"}
--   agency: {label: 被查单位, text: "by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: as printed}
--   problem_no: {label: 问题编号, text: as printed}
--   rule_id: {label: 指标编号, text: as printed}
--   rule_key: {label: 细则键, text: the item of a rule pack (`inspection_rules`) that it is held against;
--     null where none is found}
--   rule_match: {label: 细则匹配方式, text: "id (its number), item (the item's name or text) or indicator
--     (an indicator that has one item)"}
--   rule_candidates: {label: 候选细则数, unit: 条, text: "items that fit by that kind of match; more than
--     one makes it a guess"}
--   indicator: {label: 指标, text: "as printed, else the rule's"}
--   item: {label: 检查项目, text: as printed}
--   channel: {label: 栏目, text: as printed}
--   problem: {label: 存在问题, text: as printed}
--   is_problem: {label: 是否为问题, text: "false where the row says that nothing was found (无, 未发现问题)"}
--   kind: {label: 问题类别, text: "our classification: the first kind of problem_kinds.csv whose words the
--     item and the problem have", caveat: null where no kind fits}
--   kind_label: {label: 问题类别名称, text: of the kind}
--   kinds: {label: 全部问题类别, text: "every kind that fits, in the order of the file"}
--   kind_stated: {label: 原定类型, text: as the inspector classes it}
--   deduction: {label: 扣分, unit: 分, text: "as printed, a minus sign left out", caveat: null where not
--     stated}
--   item_marks: {label: 分值, unit: 分, text: "the item's marks as printed, else the rule's",
--     caveat: null where several rules fit}
--   deduction_cap: {label: 扣分上限, unit: 分, text: "where the deductions of the item end: its marks or
--     the cap of its rule", caveat: null where neither is stated}
--   score: {label: 得分, unit: 分, text: "of the unit in the round, as printed"}
--   full_marks: {label: 满分, unit: 分, text: of the round as printed}
--   automatable: {label: 可否自动检查, text: "of the rule: full, part or none"}
--   check_type: {label: 检查方式, text: of the rule as printed}
--   evidence: {label: 佐证, text: as printed}
--   advice: {label: 整改建议, text: as printed}
--   inspector: {label: 检查机构, text: as printed}
--   due_on: {label: 整改期限, text: as printed}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH named AS (
  SELECT
    substr(md5(concat_ws('|', read.source, read.place)), 1, 16) AS inspection_id,
    read.*,
    coalesce(names.agency, read.agency) AS unit,
    abs(read.deduction) AS points,
    row_number() OVER (
      PARTITION BY read.source, read.round, read.found_on, read.agency, read.problem_no,
        read.rule_id, read.indicator, read.item, read.channel, read.problem, read.deduction
      ORDER BY read.place
    ) AS nth
  FROM inspections_read AS read
  LEFT JOIN agency_names AS names ON names.printed = read.agency
),

found AS (
  SELECT
    *,
    -- an item that quotes its rule (未公开的，扣0.2分) says nothing of what was found
    concat_ws(
      ' ',
      channel,
      CASE WHEN length(item) <= 24 AND NOT regexp_matches(item, '[未扣]') THEN item END,
      problem
    ) AS words,
    TRY_CAST(regexp_extract(round, '((?:19|20)[0-9]{2})', 1) AS INTEGER) AS round_year,
    CASE
      WHEN regexp_matches(round, '[1一]季|[Qq]1') THEN 3
      WHEN regexp_matches(round, '[2二]季|[Qq]2|上半年|[Hh]1') THEN 6
      WHEN regexp_matches(round, '[3三]季|[Qq]3') THEN 9
      WHEN regexp_matches(round, '(?:^|[^0-9])(?:0?[1-9]|1[0-2])月')
        THEN TRY_CAST(regexp_extract(round, '(?:^|[^0-9])(0?[1-9]|1[0-2])月', 1) AS INTEGER)
      ELSE 12
    END AS round_month
  FROM named
  QUALIFY row_number() OVER (
    PARTITION BY round, found_on, agency, problem_no, rule_id, indicator, item, channel,
      problem, deduction, score, nth
    ORDER BY source, place
  ) = 1
),

matched AS (
  SELECT found.inspection_id, rules.rule_key, rules.source, rules.place, 'id' AS rule_match,
    1 AS preference
  FROM found
  JOIN inspection_rules AS rules ON upper(trim(rules.rule_id)) = upper(trim(found.rule_id))
  UNION ALL
  SELECT found.inspection_id, rules.rule_key, rules.source, rules.place, 'item', 2
  FROM found
  JOIN inspection_rules AS rules
    ON length(title_key(found.item)) >= 4
    AND (
      title_key(rules.item) = title_key(found.item) OR title_key(rules.text) = title_key(found.item)
    )
  WHERE found.rule_id IS NULL
  UNION ALL
  SELECT found.inspection_id, rules.rule_key, rules.source, rules.place, 'indicator', 3
  FROM found
  JOIN inspection_rules AS rules ON title_key(rules.indicator) = title_key(found.indicator)
  WHERE found.rule_id IS NULL
),

-- the last pack that has the rule; an indicator of several items decides for none
chosen AS (
  SELECT
    inspection_id,
    rule_key,
    source,
    place,
    rule_match,
    count(*) OVER (PARTITION BY inspection_id, preference) AS rule_candidates
  FROM matched
  QUALIFY
    row_number() OVER (PARTITION BY inspection_id ORDER BY preference, source DESC, place) = 1
    AND NOT (rule_match = 'indicator' AND rule_candidates > 1)
),

kinds AS (
  SELECT
    found.inspection_id,
    string_agg(problem_kinds.kind, ', ' ORDER BY problem_kinds.position) AS kinds,
    min(problem_kinds.position) AS position
  FROM found
  JOIN problem_kinds ON regexp_matches(found.words, problem_kinds.pattern)
  GROUP BY found.inspection_id
)

SELECT
  found.inspection_id,
  found.round,
  found.found_on,
  last_day(make_date(found.round_year, found.round_month, 1)) AS round_ends_on,
  coalesce(found.round_year, year(found.found_on)) AS year,
  found.unit AS agency,
  found.agency AS agency_printed,
  found.problem_no,
  found.rule_id,
  chosen.rule_key,
  chosen.rule_match,
  chosen.rule_candidates,
  coalesce(found.indicator, rules.indicator) AS indicator,
  found.item,
  found.channel,
  found.problem,
  NOT (
    (found.problem IS NULL AND found.points IS NULL)
    OR coalesce(
      regexp_matches(found.problem, '^(?:无|没有|暂无|无问题|未发现问题|未发现|没有问题|正常|合格)[。.]?$'), FALSE
    )
  ) AS is_problem,
  first_kind.kind,
  first_kind.label_zh AS kind_label,
  kinds.kinds,
  found.problem_kind AS kind_stated,
  found.points AS deduction,
  coalesce(found.item_marks, certain.marks) AS item_marks,
  least(coalesce(found.item_marks, certain.marks), certain.deduction_cap) AS deduction_cap,
  found.score,
  found.full_marks,
  rules.automatable,
  rules.check_type,
  found.evidence,
  found.advice,
  found.inspector,
  found.due_on,
  found.place,
  found.source
FROM found
LEFT JOIN chosen ON chosen.inspection_id = found.inspection_id
LEFT JOIN inspection_rules AS rules
  ON rules.source = chosen.source AND rules.place = chosen.place
-- marks and caps of one rule among several that fit would be a guess
LEFT JOIN inspection_rules AS certain
  ON certain.source = chosen.source AND certain.place = chosen.place AND chosen.rule_candidates = 1
LEFT JOIN kinds ON kinds.inspection_id = found.inspection_id
LEFT JOIN problem_kinds AS first_kind ON first_kind.position = kinds.position
