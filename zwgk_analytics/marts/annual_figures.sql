-- grain: One row per agency, year and measure, with the best value known.
-- label: 年度指标
-- key: [agency, year, measure]
-- columns:
--   agency: {label: 机关, text: the author as the source names it}
--   year: {label: 年度, text: the reporting year}
--   measure: {label: 指标, text: key of the measure}
--   value: {label: 数值, unit: by measure, text: "from the statutory table, else the prose, else a
--     table of figures", caveat: null where sources of one rank contradict each other}
--   unit: {label: 单位, text: unit of the value, caveat: null where money states none}
--   origin: {label: 数据来源类型, text: "table, prose or figures"}
--   comparable: {label: 是否可比, text: may stand beside other years and agencies}
--   caveat: {label: 注意事项, text: "why not, in words for the reader"}
--   source: {label: 来源, text: "path#place of the cell, the sentence or the row"}
WITH printed AS (
  SELECT report_id, agency, year, edition, 'applications' AS form_table, line AS form_row,
    'total' AS form_column, CAST(requests AS DECIMAL(20, 6)) AS value, unit, place, source
  FROM application_totals
  UNION ALL
  SELECT report_id, agency, year, edition, 'review', channel,
    result, CAST(cases AS DECIMAL(20, 6)), unit, place, source
  FROM review_litigation
  UNION ALL
  SELECT report_id, agency, year, edition, form_table, form_row,
    form_column, value, unit, place, source
  FROM report_cells
  WHERE form_table NOT IN ('applications', 'review')
),

mapped AS (
  SELECT *, count(*) OVER (PARTITION BY measure, edition) AS cells_needed
  FROM measure_cells
),

from_tables AS (
  SELECT
    printed.agency,
    printed.year,
    mapped.measure,
    CAST(sum(printed.value) AS DECIMAL(20, 6)) AS value,
    min(printed.unit) AS unit,
    bool_and(mapped.comparable) AS comparable,
    min(mapped.caveat) AS caveat,
    min(printed.source) || '#' || string_agg(printed.place, '; ' ORDER BY printed.place) AS source
  FROM printed
  JOIN mapped
    ON mapped.edition = printed.edition
    AND mapped.form_table = printed.form_table
    AND mapped.form_row = printed.form_row
    AND mapped.form_column = printed.form_column
  GROUP BY printed.agency, printed.year, mapped.measure
  HAVING count(printed.value) = min(mapped.cells_needed)
),

from_prose AS (
  SELECT
    agency,
    year,
    measure,
    qualifier IS NULL AS is_exact,
    count(DISTINCT value) > 1 AS is_contradicted,
    min(value) AS value,
    min(unit) AS unit,
    min(source || '#' || coalesce(place, text)) AS source
  FROM claims
  WHERE part IS NULL AND value IS NOT NULL AND coalesce(qualifier, '') NOT IN ('at_most', 'at_least')
  GROUP BY agency, year, measure, qualifier IS NULL
),

from_figures AS (
  SELECT
    agency,
    year,
    measure,
    count(DISTINCT value) > 1 AS is_contradicted,
    min(value) AS value,
    min(unit) AS unit,
    min(source || '#' || place) AS source
  FROM figures
  WHERE agency IS NOT NULL AND year IS NOT NULL AND measure IS NOT NULL AND value IS NOT NULL
  GROUP BY agency, year, measure
),

candidates AS (
  SELECT agency, year, measure, value, unit, 'table' AS origin, 1 AS preference,
    FALSE AS is_contradicted, comparable, caveat, source
  FROM from_tables
  UNION ALL
  SELECT agency, year, measure, value, unit, 'prose', CASE WHEN is_exact THEN 2 ELSE 4 END,
    is_contradicted, is_exact, CASE WHEN NOT is_exact THEN 'approximate' END, source
  FROM from_prose
  UNION ALL
  SELECT agency, year, measure, value, unit, 'figures', 3,
    is_contradicted, TRUE, CAST(NULL AS VARCHAR), source
  FROM from_figures
),

best AS (
  SELECT
    *,
    CASE WHEN is_contradicted THEN 'contradicted' ELSE caveat END AS caveat_code
  FROM candidates
  QUALIFY row_number() OVER (
    PARTITION BY agency, year, measure ORDER BY is_contradicted, preference
  ) = 1
)

SELECT
  best.agency,
  best.year,
  best.measure,
  CASE WHEN NOT best.is_contradicted THEN best.value END AS value,
  CASE
    WHEN best.unit IS NULL AND NOT measures.unit_must_be_stated THEN measures.unit ELSE best.unit
  END AS unit,
  best.origin,
  best.comparable AND NOT best.is_contradicted AS comparable,
  caveats.label_zh AS caveat,
  best.source
FROM best
LEFT JOIN measures ON measures.measure = best.measure
LEFT JOIN caveats ON caveats.caveat = best.caveat_code
