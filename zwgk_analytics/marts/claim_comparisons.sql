-- grain: One row per figure stated in prose and definition of it that the report's tables allow.
-- label: 正文数据与法定表格对照
-- key: [agency, year, measure, part, value, qualifier, place, text, definition]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   measure: {label: 指标, text: key of the measure}
--   part: {label: 分项, text: label of one part; null for the whole}
--   value: {label: 正文数值, unit: by measure, text: as stated}
--   qualifier: {label: 限定词, text: "null when exact; 余, 近, 约, at_most or at_least"}
--   definition: {label: 口径, text: "in words: 新收, 新收+上年结转, 办结 …"}
--   table_value: {label: 表格数值, unit: by measure, text: what the tables give under the definition,
--     caveat: null where a cell of it is not reported}
--   fits: {label: 是否相符, text: "the two agree, as far as the qualifier says"}
--   text: {label: 原文, text: the words that state it}
--   place: {label: 位置, text: the paragraph in the source}
--   table_place: {label: 表格位置, text: the cells that were added up}
--   source: {label: 来源文件, text: path under the raw folder}
WITH printed AS (
  SELECT
    report_id, 'applications' AS form_table, line AS form_row, 'total' AS form_column,
    CAST(requests AS DECIMAL(20, 6)) AS value, unit, place
  FROM application_totals
  UNION ALL
  SELECT
    report_id, 'review', channel, result, CAST(cases AS DECIMAL(20, 6)), unit, place
  FROM review_litigation
  UNION ALL
  SELECT report_id, form_table, form_row, form_column, value, unit, place
  FROM report_cells
  WHERE
    form_table IN ('proactive', 'statistics')
    OR (form_table = 'applications' AND form_column <> 'total')
),

terms AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY measure, part, definition) AS terms_needed
  FROM claim_definitions
),

stated AS (
  SELECT DISTINCT
    report_id, agency, year, measure, part, value, qualifier, text, place, source
  FROM claims
  WHERE value IS NOT NULL
),

added AS (
  SELECT
    stated.report_id,
    stated.agency,
    stated.year,
    stated.measure,
    stated.part,
    stated.value,
    stated.qualifier,
    terms.definition,
    CASE
      WHEN count(printed.value) = min(terms.terms_needed)
        THEN
          CAST(
            sum(CASE WHEN printed.unit = '万元' THEN printed.value * 10000 ELSE printed.value END)
            AS DECIMAL(20, 6)
          )
    END AS table_value,
    stated.text,
    stated.place,
    string_agg(printed.place, '; ' ORDER BY printed.place) AS table_place,
    stated.source
  FROM stated
  JOIN terms
    ON terms.measure = stated.measure
    AND terms.part IS NOT DISTINCT FROM stated.part
  JOIN printed
    ON printed.report_id = stated.report_id
    AND printed.form_table = terms.form_table
    AND printed.form_row = terms.form_row
    AND printed.form_column = terms.form_column
  GROUP BY
    stated.report_id, stated.agency, stated.year, stated.measure, stated.part, stated.value,
    stated.qualifier, terms.definition, stated.text, stated.place, stated.source
  HAVING count(*) = min(terms.terms_needed)
)

SELECT
  report_id,
  agency,
  year,
  measure,
  part,
  value,
  qualifier,
  definition,
  table_value,
  CASE
    WHEN table_value IS NULL THEN NULL
    WHEN qualifier IS NULL THEN table_value = value
    WHEN qualifier = '余' THEN table_value >= value AND table_value < value * 1.1 + 1
    WHEN qualifier = '近' THEN table_value <= value AND table_value >= value * 0.9
    WHEN qualifier = '约' THEN table_value >= value * 0.9 AND table_value <= value * 1.1
    WHEN qualifier = 'at_least' THEN table_value >= value
    WHEN qualifier = 'at_most' THEN table_value <= value
  END AS fits,
  text,
  place,
  table_place,
  source
FROM added
