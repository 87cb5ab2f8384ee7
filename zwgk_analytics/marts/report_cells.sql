-- grain: One row per cell of a statutory table in a report in force.
-- label: 法定表格单元格
-- key: [agency, year, form_table, form_row, form_column]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021, 2019, 2014 or 2008"}
--   form_table: {label: 表, text: "applications, review, proactive or statistics"}
--   form_row: {label: 行, text: key of the form's row}
--   form_column: {label: 列, text: key of the form's column}
--   value: {label: 数值, unit: by row, text: the number as filed, caveat: null unless state is reported}
--   unit: {label: 单位, text: unit of the value}
--   state: {label: 填报状态, text: "reported, blank, dash or unreadable"}
--   raw: {label: 原文, text: the cell's text as printed}
--   place: {label: 位置, text: "page, table, row and column in the source"}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  reports.report_id,
  reports.agency,
  reports.year,
  reports.edition,
  cells.form_table,
  cells.form_row,
  cells.form_column,
  cells.value,
  cells.unit,
  cells.state,
  cells.raw,
  cells.place,
  reports.source
FROM cells
JOIN reports ON reports.source = cells.source
