-- grain: One row per annual report document whose agency and year are known.
-- label: 年度报告各版本
-- key: [agency, year, source]
-- columns:
--   report_id: {label: 报告编号, text: the agency and the reporting year}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: "the reporting year, not the year of publication"}
--   edition: {label: 表式版本, text: "2021, 2019, 2014 or 2008"}
--   title: {label: 标题, text: as printed}
--   published_on: {label: 发布日期, text: as the document or its sidecar states}
--   url: {label: 网址, text: where it was published}
--   source: {label: 来源文件, text: path under the raw folder}
--   sha256: {label: 校验和, text: of the file's bytes}
--   is_in_force: {label: 是否现行, text: the newest of its agency and year}
SELECT
  agency || '-' || CAST(year AS VARCHAR) AS report_id,
  agency,
  year,
  edition,
  title,
  published_on,
  url,
  source,
  sha256,
  row_number() OVER (
    PARTITION BY agency, year ORDER BY published_on DESC NULLS LAST, source DESC
  ) = 1 AS is_in_force
FROM documents
WHERE kind = 'annual_report' AND agency IS NOT NULL AND year IS NOT NULL
