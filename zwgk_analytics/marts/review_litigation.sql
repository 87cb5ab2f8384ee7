-- grain: One row per agency, year, channel and result.
-- label: 行政复议、行政诉讼情况
-- key: [agency, year, channel, result]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021 or 2019"}
--   channel: {label: 渠道, text: "reconsideration, litigation_direct or litigation_after_review"}
--   result: {label: 结果, text: "upheld, corrected, other, pending or total"}
--   cases: {label: 件数, unit: 件, text: cases, caveat: null where the cell is not reported}
--   unit: {label: 单位, text: unit of the count}
--   is_computed: {label: 是否计算得出, text: the printed total is blank and the results were added up}
--   place: {label: 位置, text: "page, table, row and column in the source"}
--   source: {label: 来源文件, text: path under the raw folder}
WITH parts AS (
  SELECT
    report_id,
    form_row,
    sum(value) AS total
  FROM report_cells
  WHERE form_table = 'review' AND form_column <> 'total'
  GROUP BY report_id, form_row
  HAVING NOT bool_or(state = 'unreadable' OR (value IS NOT NULL AND whole(value) IS NULL))
)

SELECT
  printed.report_id,
  printed.agency,
  printed.year,
  printed.edition,
  printed.form_row AS channel,
  printed.form_column AS result,
  whole(coalesce(printed.value, parts.total)) AS cases,
  printed.unit,
  printed.value IS NULL AND parts.total IS NOT NULL AS is_computed,
  printed.place,
  printed.source
FROM report_cells AS printed
LEFT JOIN parts
  ON printed.report_id = parts.report_id
  AND printed.form_row = parts.form_row
  AND printed.form_column = 'total'
  AND printed.state <> 'unreadable'
WHERE printed.form_table = 'review'
