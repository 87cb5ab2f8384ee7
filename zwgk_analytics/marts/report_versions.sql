-- grain: One row per annual report document whose agency and year are known.
-- label: 年度报告各版本
-- key: [agency, year, source]
-- columns:
--   report_id: {label: 报告编号, text: the agency and the reporting year}
--   agency: {label: 机关, text: "who filed it, by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: the author as the document names it}
--   year: {label: 年度, text: "the reporting year, not the year of publication"}
--   edition: {label: 表式版本, text: "2021, 2019, 2014 or 2008"}
--   title: {label: 标题, text: as printed}
--   published_on: {label: 发布日期, text: as the document or its sidecar states}
--   url: {label: 网址, text: where it was published}
--   source: {label: 来源文件, text: path under the raw folder}
--   sha256: {label: 校验和, text: of the file's bytes}
--   is_in_force: {label: 是否现行, text: the newest of its agency and year}
WITH named AS (
  SELECT
    documents.*,
    coalesce(names.agency, documents.agency) AS author
  FROM documents
  LEFT JOIN agency_names AS names ON names.printed = documents.agency
  WHERE
    documents.kind = 'annual_report'
    AND documents.agency IS NOT NULL
    AND documents.year IS NOT NULL
)

SELECT
  author || '-' || CAST(year AS VARCHAR) AS report_id,
  author AS agency,
  agency AS agency_printed,
  year,
  edition,
  title,
  published_on,
  url,
  source,
  sha256,
  row_number() OVER (
    PARTITION BY author, year ORDER BY published_on DESC NULLS LAST, source DESC
  ) = 1 AS is_in_force
FROM named
