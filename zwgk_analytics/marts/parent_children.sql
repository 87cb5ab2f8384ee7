-- grain: One row per agency with children in the register, year and line of the applications table.
-- label: 汇总数与下级之和
-- key: [agency, year, line]
-- columns:
--   agency: {label: 上级机关, text: a filed report whose figures include its children's}
--   year: {label: 年度, text: the reporting year}
--   line: {label: 行, text: "received, carried_in, granted, …, total or carried_out"}
--   requests: {label: 件数, unit: 件, text: as its own report says}
--   children: {label: 下级数, unit: 个, text: "registered below it and in being that year; 垂管 report
--     to their own superiors and are left out"}
--   children_counted: {label: 有数下级数, unit: 个, text: those whose report states the line}
--   children_requests: {label: 下级合计, unit: 件, text: sum over the children, caveat: null unless every
--     child states the line}
--   missing_children: {label: 缺失下级, text: "names of the children without the figure, by 、"}
--   place: {label: 位置, text: of the figure in its own report}
--   source: {label: 来源文件, text: path under the raw folder}
WITH pairs AS (
  SELECT
    filed.agency,
    filed.year,
    filed.line,
    filed.requests,
    filed.place,
    filed.source,
    child.agency AS child,
    stated.requests AS child_requests
  FROM application_totals AS filed
  JOIN agencies AS child
    ON child.parent = filed.agency
    AND child.kind <> '垂管'
    AND filed.year BETWEEN coalesce(child.first_year, 0) AND coalesce(child.last_year, 9999)
  LEFT JOIN application_totals AS stated
    ON stated.agency = child.agency AND stated.year = filed.year AND stated.line = filed.line
)

SELECT
  agency,
  year,
  line,
  requests,
  count(*) AS children,
  count(child_requests) AS children_counted,
  CASE WHEN count(*) = count(child_requests) THEN CAST(sum(child_requests) AS BIGINT) END
    AS children_requests,
  string_agg(child, '、' ORDER BY child) FILTER (WHERE child_requests IS NULL) AS missing_children,
  place,
  source
FROM pairs
GROUP BY agency, year, line, requests, place, source
