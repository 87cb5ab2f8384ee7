-- grain: "One row per inspected problem and rule of ours that can decide it: what the inspector says,
--   and what our logs and registers say."
-- label: 检查发现与本库判定对照
-- key: [inspection_id, own_rule]
-- columns:
--   inspection_id: {label: 检查发现编号, text: as in `inspections`}
--   agency: {label: 被查单位, text: as in `inspections`}
--   round: {label: 轮次, text: as printed}
--   item: {label: 检查项目, text: as printed}
--   problem: {label: 存在问题, text: the inspector's words}
--   own_rule: {label: 本库规则, text: "publication.stale, report.late, interpretation.late or
--     text.reused (more of the annual report than report_repeat_percent of limits.yml stands in the
--     one before)"}
--   own_outcome: {label: 本库判定, text: "broken (the same fault is in our data), holds (our data show that
--     there is none) or not_assessable"}
--   agrees: {label: 是否一致, text: our data bear the inspector out, caveat: null where not assessable}
--   own_expected: {label: 应为, text: the limit}
--   own_actual: {label: 实为, text: what our data show}
--   as_of: {label: 判定日, text: "the day for which it was decided: the day of the inspection, else the
--     last day of the round"}
--   place: {label: 位置, text: of the inspector's row}
--   source: {label: 来源文件, text: of the inspector's row}
--   own_source: {label: 判定依据来源, text: file that our word rests on}
WITH asked AS (
  SELECT
    inspections.inspection_id,
    inspections.agency,
    inspections.round,
    inspections.item,
    inspections.channel,
    inspections.problem,
    concat_ws(' ', inspections.channel, inspections.item, inspections.problem) AS words,
    problem_kinds.decided_by AS own_rule,
    coalesce(inspections.found_on, inspections.round_ends_on) AS as_of,
    coalesce(
      TRY_CAST(
        nullif(regexp_extract(inspections.problem, '((?:19|20)[0-9]{2})年', 1), '') AS INTEGER
      ),
      year(coalesce(inspections.found_on, inspections.round_ends_on)) - 1
    ) AS report_year,
    inspections.place,
    inspections.source
  FROM inspections
  JOIN problem_kinds
    ON problem_kinds.decided_by IS NOT NULL
    AND ', ' || inspections.kinds || ',' LIKE '%, ' || problem_kinds.kind || ',%'
  WHERE inspections.is_problem
),

-- the columns (栏目) that the inspector names
named_columns AS (
  SELECT
    asked.inspection_id,
    asked.as_of,
    columns.site,
    columns.agency,
    columns.channel,
    columns.channel_name,
    columns.limit_days,
    columns.is_empty,
    columns.is_stale,
    columns.last_update,
    columns.log_ends_on,
    columns.source
  FROM asked
  JOIN columns
    ON columns.agency = asked.agency
    AND length(title_key(columns.channel_name)) >= 3
    AND strpos(title_key(asked.words), title_key(columns.channel_name)) > 0
  WHERE asked.own_rule = 'publication.stale'
),

-- what the log had of them on the day; of a log that ends before, nothing can be told
updated AS (
  SELECT
    named_columns.inspection_id,
    named_columns.site,
    named_columns.agency,
    named_columns.channel,
    max(publications.published_on) AS last_update
  FROM named_columns
  JOIN publications
    ON publications.channel = named_columns.channel
    AND publications.site IS NOT DISTINCT FROM named_columns.site
    AND (named_columns.site IS NOT NULL OR publications.agency = named_columns.agency)
    AND publications.published_on <= named_columns.as_of
  GROUP BY
    named_columns.inspection_id, named_columns.site, named_columns.agency, named_columns.channel
),

stale AS (
  SELECT
    named_columns.*,
    CASE
      WHEN named_columns.as_of IS NULL THEN named_columns.last_update
      ELSE updated.last_update
    END AS updated_on,
    CASE
      WHEN named_columns.is_empty THEN TRUE
      WHEN named_columns.as_of IS NULL THEN named_columns.is_stale
      WHEN named_columns.log_ends_on >= named_columns.as_of
        THEN days_between(updated.last_update, named_columns.as_of) > named_columns.limit_days
    END AS is_broken
  FROM named_columns
  LEFT JOIN updated
    ON updated.inspection_id = named_columns.inspection_id
    AND updated.site IS NOT DISTINCT FROM named_columns.site
    AND updated.channel = named_columns.channel
),

stale_decided AS (
  SELECT
    inspection_id,
    'publication.stale' AS own_rule,
    CASE
      WHEN count(*) FILTER (WHERE is_broken) > 0 THEN 'broken'
      WHEN count(*) FILTER (WHERE is_broken IS NULL) = 0 THEN 'holds'
      ELSE 'not_assessable'
    END AS own_outcome,
    '≤ ' || CAST(min(limit_days) AS VARCHAR) || '天' AS own_expected,
    string_agg(
      channel_name || CASE
        WHEN is_empty THEN '为空白'
        WHEN is_broken IS NULL THEN '无法判定（日志止于' || CAST(log_ends_on AS VARCHAR) || '）'
        ELSE '最近更新于' || CAST(updated_on AS VARCHAR)
      END,
      '；' ORDER BY channel_name
    ) AS own_actual,
    min(source) AS own_source
  FROM stale
  GROUP BY inspection_id
),

filed_decided AS (
  SELECT
    asked.inspection_id,
    asked.own_rule,
    CASE
      WHEN coverage.present AND coverage.days_late > 0 THEN 'broken'
      WHEN coverage.present AND coverage.days_late <= 0 THEN 'holds'
      WHEN NOT coverage.present AND coverage.expected AND coverage.is_due THEN 'broken'
      ELSE 'not_assessable'
    END AS own_outcome,
    '≤ ' || CAST(coverage.deadline_on AS VARCHAR) AS own_expected,
    CASE
      WHEN coverage.present THEN '公布于' || CAST(coverage.published_on AS VARCHAR)
      WHEN coverage.expected THEN '没有该年度报告'
    END AS own_actual,
    coverage.source AS own_source
  FROM asked
  JOIN coverage ON coverage.agency = asked.agency AND coverage.year = asked.report_year
  WHERE asked.own_rule = 'report.late'
),

-- interpretations of the year up to the day, each the first of a document that is known
explained AS (
  SELECT
    asked.inspection_id,
    asked.own_rule,
    count(*) AS interpretations,
    count(*) FILTER (WHERE interpretations.lag_workdays > interpretations.limit_workdays) AS late,
    min(interpretations.limit_workdays) AS limit_workdays,
    min(interpretations.source) AS own_source
  FROM asked
  JOIN interpretations
    ON interpretations.agency = asked.agency
    AND interpretations.certainty <> 'possible'
    AND interpretations.is_first
    AND interpretations.lag_workdays IS NOT NULL
    AND interpretations.limit_workdays IS NOT NULL
    AND (
      asked.as_of IS NULL
      OR days_between(interpretations.published_on, asked.as_of) BETWEEN 0 AND 365
    )
  WHERE asked.own_rule = 'interpretation.late'
  GROUP BY asked.inspection_id, asked.own_rule
),

repeated AS (
  SELECT
    asked.inspection_id,
    sections.section,
    sections.characters,
    max(text_reuse.ratio) AS ratio,
    min(sections.source) AS own_source
  FROM asked
  JOIN reports AS last_year
    ON last_year.agency = asked.agency AND last_year.year = asked.report_year - 1
  JOIN sections
    ON sections.agency = asked.agency
    AND sections.year = asked.report_year
    AND sections.section <> 'preamble'
    AND sections.characters >= 100
  LEFT JOIN text_reuse
    ON text_reuse.agency = sections.agency
    AND text_reuse.year = sections.year
    AND text_reuse.section = sections.section
    AND text_reuse.other_agency = sections.agency
    AND text_reuse.other_year = sections.year - 1
  WHERE asked.own_rule = 'text.reused'
  GROUP BY asked.inspection_id, sections.section, sections.characters
),

-- `text_reuse` leaves out what is repeated by less than a half: the share lies between two bounds
shares AS (
  SELECT
    inspection_id,
    100 * sum(characters * ratio) / sum(characters) AS low,
    100 * sum(characters * CASE WHEN ratio IS NULL THEN 0.5 ELSE ratio END) / sum(characters)
      AS high,
    min(own_source) AS own_source
  FROM repeated
  GROUP BY inspection_id
),

repeat_limit AS (
  SELECT min(value) AS percent
  FROM limits
  WHERE name = 'report_repeat_percent' AND region IS NULL
),

decided AS (
  SELECT * FROM stale_decided
  UNION ALL
  SELECT * FROM filed_decided
  UNION ALL
  SELECT
    inspection_id,
    own_rule,
    CASE WHEN late > 0 THEN 'broken' ELSE 'holds' END,
    '≤ ' || CAST(limit_workdays AS VARCHAR) || '个工作日',
    '一年内' || CAST(interpretations AS VARCHAR) || '份解读中' || CAST(late AS VARCHAR) || '份超期',
    own_source
  FROM explained
  UNION ALL
  SELECT
    shares.inspection_id,
    'text.reused',
    CASE
      WHEN shares.low > repeat_limit.percent THEN 'broken'
      WHEN shares.high <= repeat_limit.percent THEN 'holds'
      ELSE 'not_assessable'
    END,
    '≤ ' || CAST(repeat_limit.percent AS VARCHAR) || '%',
    CASE
      WHEN shares.low IS NULL THEN '不到50%'
      ELSE
        CAST(round(shares.low, 1) AS VARCHAR) || '%至' || CAST(round(shares.high, 1) AS VARCHAR)
        || '%'
    END,
    shares.own_source
  FROM shares
  CROSS JOIN repeat_limit
)

SELECT
  asked.inspection_id,
  asked.agency,
  asked.round,
  asked.item,
  asked.problem,
  asked.own_rule,
  coalesce(decided.own_outcome, 'not_assessable') AS own_outcome,
  CASE decided.own_outcome WHEN 'broken' THEN TRUE WHEN 'holds' THEN FALSE END AS agrees,
  decided.own_expected,
  decided.own_actual,
  asked.as_of,
  asked.place,
  asked.source,
  decided.own_source
FROM asked
LEFT JOIN decided
  ON decided.inspection_id = asked.inspection_id AND decided.own_rule = asked.own_rule
