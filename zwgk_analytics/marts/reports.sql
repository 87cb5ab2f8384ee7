-- grain: One row per annual report in force for an agency and year.
-- label: 年度报告
-- key: [agency, year]
-- columns:
--   report_id: {label: 报告编号, text: the agency and the reporting year}
--   agency: {label: 机关, text: "who filed it, by the register's name, else as printed"}
--   year: {label: 年度, text: "the reporting year, not the year of publication"}
--   edition: {label: 表式版本, text: "2021, 2019, 2014 or 2008"}
--   title: {label: 标题, text: as printed}
--   published_on: {label: 发布日期, text: as the document or its sidecar states}
--   first_published_on: {label: 首次发布日期, text: of the first version of this report}
--   deadline_on: {label: 法定期限, text: the last day to publish it, caveat: "by the kind of the filer in
--     the register, else by the ending of its name; null where neither tells it"}
--   days_late: {label: 逾期天数, unit: 天, text: "days from the deadline to the first publication, 0 when
--     in time", caveat: null unless both days are known}
--   agency_printed: {label: 原文名称, text: the author as the document names it}
--   source: {label: 来源文件, text: path under the raw folder}
--   sha256: {label: 校验和, text: of the file's bytes}
--   url: {label: 网址, text: where it was published}
WITH versions AS (
  SELECT
    agency,
    year,
    min(published_on) AS first_published_on,
    count(*) = count(published_on) AS all_dated
  FROM report_versions
  GROUP BY agency, year
)

SELECT
  filed.report_id,
  filed.agency,
  filed.year,
  filed.edition,
  filed.title,
  filed.published_on,
  versions.first_published_on,
  deadlines.deadline_on,
  CASE
    WHEN versions.first_published_on <= deadlines.deadline_on THEN 0
    WHEN versions.all_dated THEN days_between(deadlines.deadline_on, versions.first_published_on)
  END AS days_late,
  filed.agency_printed,
  filed.source,
  filed.sha256,
  filed.url
FROM report_versions AS filed
JOIN versions ON versions.agency = filed.agency AND versions.year = filed.year
LEFT JOIN agency_names AS names ON names.printed = filed.agency_printed
LEFT JOIN deadlines
  ON deadlines.kind = names.kind
  AND deadlines.level = names.level
  AND deadlines.year = filed.year
WHERE filed.is_in_force
