-- grain: One row per agency, year and line of the applications table, its sub-rows added up.
-- label: 依申请公开各行合计
-- key: [agency, year, line]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021 or 2019"}
--   line: {label: 行, text: "received, carried_in, granted, partially_granted, denied, unable,
--     not_processed, other, total or carried_out"}
--   requests: {label: 件数, unit: 件, text: the column 总计, caveat: sub-rows that report nothing add
--     nothing; null when none reports or one is unreadable}
--   unit: {label: 单位, text: unit of the count}
--   is_computed: {label: 是否计算得出, text: a printed 总计 is blank and the applicants were added up}
--   place: {label: 位置, text: the cells of the column 总计 that were used}
--   source: {label: 来源文件, text: path under the raw folder}
WITH form_rows AS (
  SELECT
    report_id,
    agency,
    year,
    edition,
    source,
    form_row,
    min(unit) AS unit,
    max(value) FILTER (WHERE form_column = 'total') AS printed,
    max(place) FILTER (WHERE form_column = 'total') AS total_place,
    min(place) AS first_place,
    sum(value) FILTER (WHERE form_column <> 'total') AS parts,
    bool_or(state = 'unreadable' OR (value IS NOT NULL AND whole(value) IS NULL)) AS is_unusable
  FROM report_cells
  WHERE form_table = 'applications'
  GROUP BY report_id, agency, year, edition, source, form_row
),

totals AS (
  SELECT
    report_id,
    agency,
    year,
    edition,
    source,
    unit,
    split_part(form_row, '.', 1) AS line,
    is_unusable,
    printed IS NULL AND parts IS NOT NULL AS is_computed,
    coalesce(total_place, first_place) AS place,
    CASE WHEN printed IS NOT NULL THEN whole(printed) WHEN NOT is_unusable THEN whole(parts) END
      AS requests
  FROM form_rows
)

SELECT
  report_id,
  agency,
  year,
  edition,
  line,
  CASE
    WHEN NOT bool_or(requests IS NULL AND is_unusable) THEN CAST(sum(requests) AS BIGINT)
  END AS requests,
  min(unit) AS unit,
  bool_or(is_computed) AS is_computed,
  string_agg(place, '; ' ORDER BY place) FILTER (WHERE requests IS NOT NULL) AS place,
  source
FROM totals
GROUP BY report_id, agency, year, edition, line, source
