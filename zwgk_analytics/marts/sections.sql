-- grain: One row per section of the prose of a report in force.
-- label: 报告正文各部分
-- key: [agency, year, section]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   section: {label: 部分, text: "preamble, overall, proactive, applications, review, problems, other,
--     fees, tables or unnamed"}
--   position: {label: 顺序, text: where it comes first in the document}
--   heading: {label: 标题, text: as printed}
--   text: {label: 正文, text: "its paragraphs, a line each"}
--   characters: {label: 字数, unit: 字, text: blanks and line ends not counted}
--   place: {label: 位置, text: first and last paragraph in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH joined AS (
  SELECT
    source,
    section,
    min(position) AS position,
    string_agg(heading, '；' ORDER BY position) AS heading,
    coalesce(string_agg(text, chr(10) ORDER BY position) FILTER (WHERE text <> ''), '') AS text,
    string_agg(place, '; ' ORDER BY position) AS place
  FROM sections_read
  GROUP BY source, section
)

SELECT
  reports.report_id,
  reports.agency,
  reports.year,
  joined.section,
  joined.position,
  joined.heading,
  joined.text,
  length(replace(replace(replace(joined.text, chr(10), ''), ' ', ''), '　', '')) AS characters,
  joined.place,
  reports.source
FROM joined
JOIN reports ON reports.source = joined.source
