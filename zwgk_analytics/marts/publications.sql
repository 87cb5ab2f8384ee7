-- grain: One row per published item of a log; an exact repeat is marked, not dropped.
-- label: 公开信息条目
-- key: [item_id]
-- columns:
--   item_id: {label: 条目编号, text: "hash of agency, title, address, 文号 and dates; a repeat carries
--     its number"}
--   agency: {label: 机关, text: the publisher or author as the log names it}
--   title: {label: 标题, text: as printed}
--   document_number: {label: 发文字号, text: as printed; null where the log says none}
--   series: {label: 机关代字, text: the letters before the bracket}
--   series_year: {label: 文号年份, text: the year in the bracket}
--   serial: {label: 文号序号, text: the number after it}
--   issued_on: {label: 成文日期, text: day of the document}
--   published_on: {label: 发布日期, text: day of publication}
--   lag_days: {label: 公开间隔, unit: 天, text: "published_on − issued_on; negative when dates are
--     in the wrong order"}
--   lag_workdays: {label: 公开间隔（工作日）, unit: 工作日, text: "working days after issued_on up to
--     published_on, 调休 counted", caveat: null outside of the years of the holiday calendar}
--   category: {label: 分类, text: as the log states}
--   channel: {label: 栏目, text: as the log states}
--   validity: {label: 有效性, text: as the log states}
--   index_number: {label: 索引号, text: as the log states}
--   url: {label: 网址, text: address of the item}
--   is_repeat: {label: 是否重复, text: another row has the same content}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH keyed AS (
  SELECT
    *,
    md5(
      coalesce(agency, '') || '|' || coalesce(title, '') || '|' || coalesce(url, '') || '|'
      || coalesce(document_number, '') || '|' || coalesce(CAST(issued_on AS VARCHAR), '') || '|'
      || coalesce(CAST(published_on AS VARCHAR), '')
    ) AS content
  FROM items
),

numbered AS (
  SELECT *, row_number() OVER (PARTITION BY content ORDER BY source, place) AS occurrence
  FROM keyed
)

SELECT
  CASE
    WHEN occurrence = 1 THEN content ELSE content || '-' || CAST(occurrence AS VARCHAR)
  END AS item_id,
  numbered.agency,
  numbered.title,
  numbered.document_number,
  numbered.series,
  numbered.series_year,
  numbered.serial,
  numbered.issued_on,
  numbered.published_on,
  days_between(numbered.issued_on, numbered.published_on) AS lag_days,
  published.workday_number - issued.workday_number AS lag_workdays,
  numbered.category,
  numbered.channel,
  numbered.validity,
  numbered.index_number,
  numbered.url,
  numbered.occurrence > 1 AS is_repeat,
  numbered.place,
  numbered.source
FROM numbered
LEFT JOIN workdays AS issued ON issued.day = numbered.issued_on
LEFT JOIN workdays AS published ON published.day = numbered.published_on
