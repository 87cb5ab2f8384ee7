-- grain: One row per figure (count, share or year) in a sentence of a report in force.
-- label: 正文数字
-- key: [agency, year, sentence, position]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   section: {label: 部分, text: as in `sections`; null for a heading}
--   sentence: {label: 句序, text: counted in the document from 1}
--   position: {label: 句内顺序, text: counted in the sentence from 1}
--   kind: {label: 类型, text: "count, share, plan_year (announces) or result_year (dates a result)"}
--   label: {label: 名称, text: the words before the figure}
--   value: {label: 数值, unit: by `unit`, text: the number as stated}
--   decimals: {label: 小数位数, text: of a share as printed}
--   unit: {label: 单位, text: as stated}
--   qualifier: {label: 限定词, text: "null when exact; 余, 近, 约, at_most or at_least"}
--   whole: {label: 所属总数, text: position of the figure that a part or a share is of}
--   whole_measure: {label: 所属指标, text: of a list that opens without its total}
--   is_complete: {label: 是否完整列举, text: the list leaves nothing out}
--   text: {label: 原文, text: the sentence as printed}
--   place: {label: 位置, text: the paragraph in the source}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  reports.report_id,
  reports.agency,
  reports.year,
  figures_of.section,
  figures_of.sentence,
  figures_of.position,
  figures_of.kind,
  figures_of.label,
  figures_of.value,
  figures_of.decimals,
  figures_of.unit,
  figures_of.qualifier,
  figures_of.whole,
  figures_of.whole_measure,
  figures_of.is_complete,
  figures_of.text,
  figures_of.place,
  reports.source
FROM prose_figures_read AS figures_of
JOIN reports ON reports.source = figures_of.source
