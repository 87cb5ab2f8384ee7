-- grain: One row per annual report in force for an agency and year.
-- label: 年度报告
-- key: [agency, year]
-- columns:
--   report_id: {label: 报告编号, text: the agency and the reporting year}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: "the reporting year, not the year of publication"}
--   edition: {label: 表式版本, text: "2021, 2019, 2014 or 2008"}
--   title: {label: 标题, text: as printed}
--   published_on: {label: 发布日期, text: as the document or its sidecar states}
--   deadline_on: {label: 法定期限, text: the day it was due, caveat: null until the kind of filer is registered}
--   days_late: {label: 逾期天数, unit: 天, text: days from the deadline to publication}
--   source: {label: 来源文件, text: path under the raw folder}
--   sha256: {label: 校验和, text: of the file's bytes}
--   url: {label: 网址, text: where it was published}
SELECT
  report_id,
  agency,
  year,
  edition,
  title,
  published_on,
  CAST(NULL AS DATE) AS deadline_on,
  CAST(NULL AS BIGINT) AS days_late,
  source,
  sha256,
  url
FROM report_versions
WHERE is_in_force
