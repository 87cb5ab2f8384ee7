-- grain: One row per figure that the prose of a report in force states.
-- label: 正文数据表述
-- key: [agency, year, measure, part, value, place, text, occurrence]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   measure: {label: 指标, text: key of the measure}
--   part: {label: 分项, text: label of one part of a breakdown; null for the whole}
--   value: {label: 数值, unit: by measure, text: "the number as stated; 0 for an explicit negative"}
--   unit: {label: 单位, text: unit of the value}
--   qualifier: {label: 限定词, text: "null when exact; 余, 近, 约, at_most or at_least"}
--   text: {label: 原文, text: the words that state it}
--   place: {label: 位置, text: the paragraph in the source}
--   occurrence: {label: 次序, text: of figures that one sentence states alike}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  reports.report_id,
  reports.agency,
  reports.year,
  claims_read.measure,
  claims_read.part,
  claims_read.value,
  claims_read.unit,
  claims_read.qualifier,
  claims_read.text,
  claims_read.place,
  row_number() OVER (
    PARTITION BY
      claims_read.source, claims_read.measure, claims_read.part, claims_read.value,
      claims_read.place, claims_read.text
    ORDER BY claims_read.qualifier
  ) AS occurrence,
  reports.source
FROM claims_read
JOIN reports ON reports.source = claims_read.source
