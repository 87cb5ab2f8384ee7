-- grain: One row per agency, year, item and measure.
-- label: 主动公开政府信息情况
-- key: [agency, year, item, measure]
-- columns:
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021 or 2019", caveat: the two editions count different things}
--   item: {label: 事项, text: key of the form's row}
--   measure: {label: 指标, text: key of the form's column}
--   value: {label: 数值, unit: by measure, text: the number as filed, caveat: null unless reported}
--   unit: {label: 单位, text: unit of the value}
--   place: {label: 位置, text: "page, table, row and column in the source"}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  agency,
  year,
  edition,
  form_row AS item,
  form_column AS measure,
  value,
  unit,
  place,
  source
FROM report_cells
WHERE form_table = 'proactive'
