-- grain: One row per figure that a work report (汇报, 总结, 自查) states; none is in `claims`.
-- label: 工作汇报数据表述
-- key: [source, measure, part, value, place, text, occurrence]
-- columns:
--   agency: {label: 机关, text: "who reports, by the register's name, else as printed", caveat: "null
--     where the document does not say it, or holds several reports; the place names the report"}
--   year: {label: 年度, text: the year that the title names, caveat: null where it names none}
--   measure: {label: 指标, text: key of the measure}
--   part: {label: 分项, text: label of one part or kind; null for the whole}
--   value: {label: 数值, unit: by measure, text: "the number as stated; 0 for an explicit negative"}
--   unit: {label: 单位, text: unit of the value}
--   qualifier: {label: 限定词, text: "null when exact; 余, 近, 约, at_most or at_least"}
--   text: {label: 原文, text: the words that state it}
--   place: {label: 位置, text: "the paragraph, and the report where a file holds several"}
--   occurrence: {label: 次序, text: of figures that one sentence states alike}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  coalesce(names.agency, documents.agency) AS agency,
  documents.year,
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
  claims_read.source
FROM claims_read
JOIN documents ON documents.source = claims_read.source AND documents.kind = 'work_report'
LEFT JOIN agency_names AS names ON names.printed = documents.agency
