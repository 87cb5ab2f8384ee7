-- grain: One row per agency and year for which a report is expected or there.
-- label: 年度报告覆盖情况
-- key: [agency, year]
-- columns:
--   agency: {label: 机关, text: who had to file or has filed}
--   year: {label: 年度, text: the reporting year}
--   kind: {label: 类别, text: "政府, 部门, 垂管 or 开发区"}
--   level: {label: 层级, text: "国家, 省, 市, 县 or 乡"}
--   expected: {label: 是否应报, text: "by the register it had to file, and its reports are collected",
--     caveat: null where the register does not have the agency}
--   present: {label: 是否已有, text: a report is in the marts}
--   published_on: {label: 发布日期, text: of the first version; null where no version states it}
--   deadline_on: {label: 法定期限, text: the last day to publish it}
--   submit_on: {label: 报送期限, text: the last day to hand it to the superior; null where none is fixed}
--   days_late: {label: 逾期天数, unit: 天, text: "days after the deadline, 0 when in time",
--     caveat: null unless both days are known}
--   is_due: {label: 是否到期, text: the deadline had passed at the refresh}
--   basis: {label: 依据, text: of the deadline}
--   source: {label: 来源, text: "the report, else the line of the register"}
WITH span AS (
  SELECT min(year) AS first_year, max(year) AS last_year
  FROM report_versions
),

due AS (
  SELECT
    agencies.agency,
    deadlines.year,
    agencies.kind,
    agencies.level,
    deadlines.deadline_on,
    deadlines.submit_on,
    deadlines.basis,
    deadlines.deadline_on < refreshed.refreshed_on AS is_due,
    'registers/agencies.csv#' || agencies.place AS source
  FROM agencies
  JOIN deadlines ON deadlines.kind = agencies.kind AND deadlines.level = agencies.level
  CROSS JOIN span
  CROSS JOIN refreshed
  WHERE
    deadlines.year BETWEEN coalesce(agencies.first_year, 0) AND coalesce(agencies.last_year, 9999)
    AND deadlines.year
    BETWEEN coalesce(agencies.collected_from, 0) AND coalesce(agencies.collected_to, 9999)
    AND (
      deadlines.year BETWEEN span.first_year AND span.last_year
      OR (
        deadlines.year = year(refreshed.refreshed_on) - 1
        AND deadlines.deadline_on < refreshed.refreshed_on
      )
    )
),

filed AS (
  SELECT
    reports.*,
    agencies.agency IS NOT NULL AS is_registered,
    names.kind,
    names.level,
    deadlines.submit_on,
    deadlines.basis,
    reports.deadline_on < refreshed.refreshed_on AS is_due
  FROM reports
  CROSS JOIN refreshed
  LEFT JOIN agencies ON agencies.agency = reports.agency
  LEFT JOIN agency_names AS names ON names.printed = reports.agency_printed
  LEFT JOIN deadlines
    ON deadlines.kind = names.kind
    AND deadlines.level = names.level
    AND deadlines.year = reports.year
)

SELECT
  coalesce(filed.agency, due.agency) AS agency,
  coalesce(filed.year, due.year) AS year,
  coalesce(filed.kind, due.kind) AS kind,
  coalesce(filed.level, due.level) AS level,
  CASE WHEN due.agency IS NOT NULL THEN TRUE WHEN filed.is_registered THEN FALSE END AS expected,
  filed.agency IS NOT NULL AS present,
  filed.first_published_on AS published_on,
  coalesce(filed.deadline_on, due.deadline_on) AS deadline_on,
  coalesce(filed.submit_on, due.submit_on) AS submit_on,
  filed.days_late,
  coalesce(filed.is_due, due.is_due) AS is_due,
  coalesce(filed.basis, due.basis) AS basis,
  coalesce(filed.source, due.source) AS source
FROM due
FULL OUTER JOIN filed ON filed.agency = due.agency AND filed.year = due.year
