-- grain: One row per problem of a rectification ledger; of ledgers that repeat a dated problem, the
--   row that closes it, else the one of the last file.
-- label: 整改台账
-- key: [rectification_id]
-- columns:
--   rectification_id: {label: 整改编号, text: "of file and row"}
--   agency: {label: 责任单位, text: "by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: as printed}
--   department: {label: 责任科室, text: as printed}
--   round: {label: 轮次, text: the inspection that it comes from as printed}
--   year: {label: 年度, text: "that the round's name tells, else of found_on, of due_on, of done_on,
--     else that of the document"}
--   problem_no: {label: 问题编号, text: as printed}
--   rule_id: {label: 指标编号, text: as printed}
--   indicator: {label: 指标, text: as printed}
--   item: {label: 检查项目, text: as printed}
--   problem: {label: 存在问题, text: as printed}
--   kind: {label: 问题类别, text: "our classification by problem_kinds.csv, as in `inspections`"}
--   kind_label: {label: 问题类别名称, text: of the kind}
--   measure: {label: 整改措施, text: as printed}
--   result: {label: 整改情况, text: as printed}
--   found_on: {label: 发现日期, text: "as printed, else that of the inspected problem that it answers"}
--   due_on: {label: 完成时限, text: "as printed, else that of the inspected problem"}
--   done_on: {label: 完成日期, text: as printed, caveat: a day after the refresh is a plan and closes
--     nothing}
--   status: {label: 状态, text: "done, explained (an explanation alone answers it), open, overdue (open
--     after the day due) or reopened (closed, and the same problem of the same unit was found again
--     later)",
--     caveat: "as of the refresh; done is the unit's own word, and an answer to several problems of a text is
--     taken as one to each"}
--   status_stated: {label: 原列状态, text: "as the ledger or the text has it: open, done, explained; null
--     where it states none"}
--   status_from: {label: 状态依据, text: "stated, date (a day on which it was done) or words (the answer says
--     that it is done, or explains); null where nothing tells that it is closed"}
--   is_answered: {label: 是否有答复, text: a measure or a result is written down}
--   days_to_close: {label: 整改用时, unit: 天, text: "found_on → done_on", caveat: null unless both are
--     known}
--   days_overdue: {label: 逾期天数, unit: 天, text: "due_on → done_on, or the day of the refresh while it is
--     open; negative when in time", caveat: null without due_on}
--   returned_on: {label: 复发日期, text: the first day on which the same problem was found after it was
--     closed}
--   returned_in: {label: 复发来源, text: file and row of that}
--   inspection_id: {label: 对应检查发现, text: "the problem in `inspections` that it answers, the latest of
--     several; null where none is found"}
--   inspection_ids: {label: 全部候选发现, text: "every problem that fits by that kind of link, the latest
--     first, comma-separated"}
--   finding_id: {label: 对应规则发现, text: "finding_id of `findings`, as the ledger states it"}
--   link_kind: {label: 关联方式, text: "finding (its id is stated), id (number of the problem), problem (its
--     words), rule (number of the indicator), item (the item's name) or indicator"}
--   certainty: {label: 关联可信度, text: "certain (an id or the same words, and one problem that has them),
--     likely (one problem under that rule or item) or possible (several fit, or the indicator alone)"}
--   candidates: {label: 候选发现数, unit: 个, text: inspected problems that fit by that kind of link}
--   evidence: {label: 佐证, text: as printed}
--   place: {label: 位置, text: the row or line in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH named AS (
  SELECT
    substr(md5(concat_ws('|', read.source, read.place, read.problem)), 1, 16) AS rectification_id,
    read.*,
    coalesce(names.agency, read.agency) AS unit,
    title_key(read.problem) AS problem_key,
    coalesce(read.result, read.measure) AS answer,
    CASE
      WHEN read.done_on <= refreshed.refreshed_on THEN 'done'
      WHEN read.status IS NOT NULL THEN read.status
      WHEN says_unfinished(coalesce(read.result, read.measure)) THEN 'open'
      WHEN
        says_completed(coalesce(read.result, read.measure))
        AND NOT says_statement(coalesce(read.result, read.measure))
        THEN 'done'
      WHEN
        says_explained(coalesce(read.result, read.measure))
        OR says_statement(coalesce(read.result, read.measure))
        THEN 'explained'
      ELSE 'open'
    END AS state,
    row_number() OVER (
      PARTITION BY read.source, read.round, read.found_on, read.agency, read.problem_no,
        read.rule_id, read.indicator, read.item, read.problem
      ORDER BY read.place
    ) AS nth
  FROM rectifications_read AS read
  CROSS JOIN refreshed
  LEFT JOIN agency_names AS names ON names.printed = read.agency
),

-- a ledger that is kept on lists a problem again and again; without round or day it is another one
kept AS (
  SELECT *
  FROM named
  QUALIFY row_number() OVER (
    PARTITION BY round, found_on, agency, problem_no, rule_id, indicator, item, problem, nth,
      CASE WHEN round IS NULL AND found_on IS NULL THEN source END
    ORDER BY state = 'open', source DESC, place
  ) = 1
),

problems AS (
  SELECT
    inspection_id,
    agency,
    round,
    coalesce(found_on, round_ends_on) AS found_on,
    due_on,
    problem_no,
    rule_id,
    indicator,
    item,
    channel,
    title_key(problem) AS problem_key,
    title_key(indicator) AS indicator_key,
    title_key(concat_ws('', indicator, item)) AS full_key,
    title_key(item) AS item_key,
    title_key(channel) AS channel_key,
    place,
    source
  FROM inspections
  WHERE is_problem
),

fitting AS (
  SELECT
    kept.rectification_id,
    problems.inspection_id,
    problems.found_on,
    CASE
      WHEN problems.problem_no = kept.problem_no THEN 1
      WHEN problems.problem_key = kept.problem_key AND kept.problem_key <> '' THEN 2
      WHEN problems.rule_id = kept.rule_id THEN 3
      WHEN
        title_key(kept.item) <> ''
        AND title_key(kept.item) IN (problems.item_key, problems.channel_key)
        THEN 4
      WHEN
        title_key(kept.indicator) <> ''
        AND title_key(kept.indicator)
        IN (problems.indicator_key, problems.full_key, problems.item_key)
        THEN 5
    END AS preference
  FROM kept
  JOIN problems
    ON problems.agency = kept.unit
    AND (
      problems.round = kept.round OR problems.round IS NULL OR kept.round IS NULL
      OR problems.problem_no = kept.problem_no
    )
    -- what was done or found before the inspection does not answer it
    AND (kept.done_on >= problems.found_on OR kept.done_on IS NULL OR problems.found_on IS NULL)
    AND (
      kept.found_on = problems.found_on OR kept.found_on IS NULL OR problems.found_on IS NULL
      OR problems.problem_no = kept.problem_no OR problems.round = kept.round
    )
),

ranked AS (
  SELECT
    *,
    rank() OVER (PARTITION BY rectification_id ORDER BY preference) AS class,
    row_number() OVER (
      PARTITION BY rectification_id ORDER BY preference, found_on DESC NULLS LAST, inspection_id
    ) AS nth
  FROM fitting
  WHERE preference IS NOT NULL
),

linked AS (
  SELECT
    rectification_id,
    min(preference) AS preference,
    count(*) AS candidates,
    max(CASE WHEN nth = 1 THEN inspection_id END) AS inspection_id,
    string_agg(inspection_id, ', ' ORDER BY nth) AS inspection_ids
  FROM ranked
  WHERE class = 1
  GROUP BY rectification_id
),

closed AS (
  SELECT
    kept.*,
    linked.inspection_id,
    linked.inspection_ids,
    linked.preference,
    linked.candidates,
    coalesce(kept.found_on, problems.found_on) AS first_found_on,
    coalesce(kept.due_on, problems.due_on) AS last_day
  FROM kept
  LEFT JOIN linked ON linked.rectification_id = kept.rectification_id
  LEFT JOIN problems
    ON problems.inspection_id = linked.inspection_id AND linked.candidates = 1
),

sightings AS (
  SELECT unit, problem_key, first_found_on AS found_on, source || '#' || place AS seen_in
  FROM closed
  UNION ALL
  SELECT agency, problem_key, found_on, source || '#' || place
  FROM problems
),

returned AS (
  SELECT
    closed.rectification_id,
    min(sightings.found_on) AS returned_on,
    arg_min(sightings.seen_in, sightings.found_on) AS returned_in
  FROM closed
  JOIN sightings
    ON sightings.unit = closed.unit
    AND sightings.problem_key = closed.problem_key
    AND sightings.found_on > closed.done_on
  WHERE closed.problem_key <> ''
  GROUP BY closed.rectification_id
),

kinds AS (
  SELECT kept.rectification_id, min(problem_kinds.position) AS position
  FROM kept
  JOIN problem_kinds ON regexp_matches(kept.problem, problem_kinds.pattern)
  GROUP BY kept.rectification_id
)

SELECT
  closed.rectification_id,
  closed.unit AS agency,
  closed.agency AS agency_printed,
  closed.department,
  closed.round,
  coalesce(
    TRY_CAST(regexp_extract(closed.round, '((?:19|20)[0-9]{2})', 1) AS INTEGER),
    year(closed.first_found_on),
    year(closed.last_day),
    year(closed.done_on),
    documents.year
  ) AS year,
  closed.problem_no,
  closed.rule_id,
  closed.indicator,
  closed.item,
  closed.problem,
  problem_kinds.kind,
  problem_kinds.label_zh AS kind_label,
  closed.measure,
  closed.result,
  closed.first_found_on AS found_on,
  closed.last_day AS due_on,
  closed.done_on,
  CASE
    WHEN returned.returned_on IS NOT NULL THEN 'reopened'
    WHEN closed.state = 'open' AND closed.last_day < refreshed.refreshed_on THEN 'overdue'
    ELSE closed.state
  END AS status,
  closed.status AS status_stated,
  CASE
    WHEN closed.done_on <= refreshed.refreshed_on THEN 'date'
    WHEN closed.status IS NOT NULL THEN 'stated'
    WHEN closed.state <> 'open' THEN 'words'
  END AS status_from,
  closed.answer IS NOT NULL AS is_answered,
  CASE
    WHEN closed.done_on >= closed.first_found_on AND closed.done_on <= refreshed.refreshed_on
      THEN days_between(closed.first_found_on, closed.done_on)
  END AS days_to_close,
  CASE
    WHEN closed.done_on <= refreshed.refreshed_on THEN days_between(closed.last_day, closed.done_on)
    WHEN closed.state = 'open' THEN days_between(closed.last_day, refreshed.refreshed_on)
  END AS days_overdue,
  returned.returned_on,
  returned.returned_in,
  closed.inspection_id,
  closed.inspection_ids,
  closed.finding_id,
  CASE
    WHEN closed.finding_id IS NOT NULL THEN 'finding'
    WHEN closed.preference = 1 THEN 'id'
    WHEN closed.preference = 2 THEN 'problem'
    WHEN closed.preference = 3 THEN 'rule'
    WHEN closed.preference = 4 THEN 'item'
    WHEN closed.preference = 5 THEN 'indicator'
  END AS link_kind,
  CASE
    WHEN closed.finding_id IS NOT NULL THEN 'certain'
    WHEN closed.candidates > 1 OR closed.preference = 5 THEN 'possible'
    WHEN closed.preference <= 2 THEN 'certain'
    WHEN closed.preference IS NOT NULL THEN 'likely'
  END AS certainty,
  closed.candidates,
  closed.evidence,
  closed.place,
  closed.source
FROM closed
CROSS JOIN refreshed
LEFT JOIN documents ON documents.source = closed.source
LEFT JOIN returned ON returned.rectification_id = closed.rectification_id
LEFT JOIN kinds ON kinds.rectification_id = closed.rectification_id
LEFT JOIN problem_kinds ON problem_kinds.position = kinds.position
