-- grain: One row per agency, year and measure, with the best value known.
-- label: 年度指标
-- key: [agency, year, measure]
-- columns:
--   agency: {label: 机关, text: "the author by the register's name, else as printed"}
--   year: {label: 年度, text: the reporting year}
--   measure: {label: 指标, text: key of the measure}
--   value: {label: 数值, unit: by measure, text: "from the statutory table, else the prose, else a
--     table of figures", caveat: null where sources of one rank contradict each other}
--   unit: {label: 单位, text: unit of the value, caveat: null where money states none}
--   origin: {label: 数据来源类型, text: "table, prose or figures"}
--   comparable: {label: 是否可比, text: "may stand beside other years and agencies: the crosswalk has
--     it as the same measure, and it is exact and undisputed"}
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
    printed.edition,
    CAST(sum(printed.value) AS DECIMAL(20, 6)) AS value,
    min(printed.unit) AS unit,
    min(printed.source) || '#' || string_agg(printed.place, '; ' ORDER BY printed.place) AS source
  FROM printed
  JOIN mapped
    ON mapped.edition = printed.edition
    AND mapped.form_table = printed.form_table
    AND mapped.form_row = printed.form_row
    AND mapped.form_column = printed.form_column
  GROUP BY printed.agency, printed.year, printed.edition, mapped.measure
  HAVING count(printed.value) = min(mapped.cells_needed)
),

from_prose AS (
  SELECT
    claims.agency,
    claims.year,
    claims.measure,
    reports.edition,
    claims.qualifier IS NULL AS is_exact,
    count(DISTINCT claims.value) > 1 AS is_contradicted,
    min(claims.value) AS value,
    min(claims.unit) AS unit,
    min(claims.source || '#' || coalesce(claims.place, claims.text)) AS source
  FROM claims
  JOIN reports ON reports.report_id = claims.report_id
  WHERE
    claims.part IS NULL
    AND claims.value IS NOT NULL
    AND coalesce(claims.qualifier, '') NOT IN ('at_most', 'at_least')
  GROUP BY
    claims.agency, claims.year, claims.measure, reports.edition, claims.qualifier IS NULL
),

named_figures AS (
  SELECT
    figures.*,
    coalesce(names.agency, figures.agency) AS author
  FROM figures
  LEFT JOIN agency_names AS names ON names.printed = figures.agency
  WHERE
    figures.agency IS NOT NULL
    AND figures.year IS NOT NULL
    AND figures.measure IS NOT NULL
    AND figures.value IS NOT NULL
),

from_figures AS (
  SELECT
    author AS agency,
    year,
    measure,
    count(DISTINCT value) > 1 AS is_contradicted,
    min(value) AS value,
    min(unit) AS unit,
    min(source || '#' || place) AS source
  FROM named_figures
  GROUP BY author, year, measure
),

candidates AS (
  SELECT agency, year, measure, edition, value, unit, 'table' AS origin, 1 AS preference,
    FALSE AS is_contradicted, TRUE AS is_exact, source
  FROM from_tables
  UNION ALL
  SELECT agency, year, measure, edition, value, unit, 'prose',
    CASE WHEN is_exact THEN 2 ELSE 4 END, is_contradicted, is_exact, source
  FROM from_prose
  UNION ALL
  SELECT found.agency, found.year, found.measure, form_years.edition, found.value, found.unit,
    'figures', 3, found.is_contradicted, TRUE, found.source
  FROM from_figures AS found
  LEFT JOIN form_years ON form_years.year = found.year
),

best AS (
  SELECT *
  FROM candidates
  QUALIFY row_number() OVER (
    PARTITION BY agency, year, measure ORDER BY is_contradicted, preference
  ) = 1
),

-- what the wording of a form changes does not touch a sentence
linked AS (
  SELECT
    best.*,
    CASE
      WHEN best.is_contradicted THEN 'contradicted'
      WHEN links.caveat IS NOT NULL THEN links.caveat
      WHEN NOT best.is_exact THEN 'approximate'
    END AS caveat_code
  FROM best
  LEFT JOIN measure_links AS links
    ON links.measure = best.measure
    AND (links.edition = best.edition OR links.edition IS NULL)
    AND best.year BETWEEN links.first_year AND links.last_year
    AND (best.origin <> 'prose' OR links.scope = 'any')
  QUALIFY row_number() OVER (
    PARTITION BY best.agency, best.year, best.measure ORDER BY links.edition NULLS LAST
  ) = 1
)

SELECT
  linked.agency,
  linked.year,
  linked.measure,
  CASE WHEN NOT linked.is_contradicted THEN linked.value END AS value,
  CASE
    WHEN measures.unit_must_be_stated OR measures.unit IS NULL THEN linked.unit
    WHEN linked.unit IS NULL OR linked.origin = 'table' THEN measures.unit
    ELSE linked.unit
  END AS unit,
  linked.origin,
  linked.caveat_code IS NULL AS comparable,
  caveats.label_zh AS caveat,
  linked.source
FROM linked
LEFT JOIN measures ON measures.measure = linked.measure
LEFT JOIN caveats ON caveats.caveat = linked.caveat_code
