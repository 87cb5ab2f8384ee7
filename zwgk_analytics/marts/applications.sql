-- grain: One row per agency, year, applicant and outcome.
-- label: 依申请公开办理结果（按申请人）
-- key: [agency, year, applicant, outcome]
-- columns:
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021 or 2019"}
--   applicant: {label: 申请人, text: kind of applicant; the column 总计 is left out}
--   outcome: {label: 办理结果, text: "key of the form's row, sums left out"}
--   outcome_group: {label: 结果类别, text: "granted, partially_granted, denied, unable,
--     not_processed or other"}
--   requests: {label: 件数, unit: 件, text: applications, caveat: null where the cell is not reported}
--   place: {label: 位置, text: "page, table, row and column in the source"}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  agency,
  year,
  edition,
  form_column AS applicant,
  form_row AS outcome,
  split_part(form_row, '.', 1) AS outcome_group,
  whole(value) AS requests,
  place,
  source
FROM report_cells
WHERE
  form_table = 'applications'
  AND form_column <> 'total'
  AND form_row NOT IN ('received', 'carried_in', 'total', 'carried_out')
