-- One subject: one line of the other axis of one report. `form_terms` and `form_subjects` are the
-- rule's identity as the form files state it. A blank that the identity allows reads as "nothing
-- known, not negative", and so does a line that a local form does not print: it can explain a
-- difference one way only, and then nothing is asserted.
WITH wanted AS (
  SELECT
    reports.agency,
    reports.year,
    reports.edition,
    reports.source,
    form_terms.form_table,
    form_subjects.subject_key,
    form_subjects.label,
    form_subjects.label_en,
    form_terms.side,
    form_terms.sign,
    form_terms.position,
    form_terms.may_be_blank,
    form_terms.same_edition,
    form_terms.rows_vary,
    form_terms.term_label,
    form_terms.years_before,
    CASE WHEN form_terms.axis = 'row' THEN form_terms.line ELSE form_subjects.line END AS form_row,
    CASE WHEN form_terms.axis = 'row' THEN form_subjects.line ELSE form_terms.line END
      AS form_column
  FROM reports
  JOIN form_terms ON form_terms.edition = reports.edition
  JOIN form_subjects ON form_subjects.identity = form_terms.identity
),

terms AS (
  SELECT
    wanted.*,
    report_cells.value,
    coalesce(report_cells.state, 'missing') AS state,
    rtrim(rtrim(CAST(report_cells.value AS VARCHAR), '0'), '.') AS printed,
    CASE
      WHEN wanted.years_before = 0 THEN report_cells.place
      ELSE report_cells.source || '#' || report_cells.place
    END AS place
  FROM wanted
  LEFT JOIN report_cells
    ON report_cells.agency = wanted.agency
    AND report_cells.year = wanted.year - wanted.years_before
    AND report_cells.form_table = wanted.form_table
    AND report_cells.form_row = wanted.form_row
    AND report_cells.form_column = wanted.form_column
    AND (report_cells.edition = wanted.edition OR NOT wanted.same_edition)
),

sides AS (
  SELECT
    agency,
    year,
    source,
    form_table,
    subject_key,
    label,
    label_en,
    sum(value * sign) FILTER (WHERE side = 'expected') AS expected,
    sum(value * sign) FILTER (WHERE side = 'actual') AS actual,
    bool_or(
      value IS NULL AND NOT (
        may_be_blank AND (state IN ('blank', 'dash') OR (state = 'missing' AND rows_vary))
      )
    ) AS is_unknown,
    bool_or(value IS NULL AND (side = 'expected') = (sign > 0)) AS may_raise_expected,
    bool_or(value IS NULL AND (side = 'expected') <> (sign > 0)) AS may_raise_actual,
    string_agg(
      CASE WHEN sign < 0 THEN ' − ' WHEN position > 1 THEN ' + ' ELSE '' END || printed,
      '' ORDER BY position
    ) FILTER (WHERE side = 'expected') AS terms,
    string_agg(place, '; ' ORDER BY years_before, side, position)
      FILTER (WHERE value <> 0 OR NOT may_be_blank) AS place
  FROM terms
  GROUP BY agency, year, source, form_table, subject_key, label, label_en
)

SELECT
  agency,
  CAST(year AS VARCHAR) AS period,
  label || '（' || subject_key || '）' AS subject,
  form_table || '/' || subject_key AS subject_key,
  CASE
    WHEN is_unknown OR expected IS NULL OR actual IS NULL THEN 'not_assessable'
    WHEN expected = actual THEN 'holds'
    WHEN expected < actual AND may_raise_expected THEN 'not_assessable'
    WHEN expected > actual AND may_raise_actual THEN 'not_assessable'
    ELSE 'broken'
  END AS outcome,
  1 AS items,
  rtrim(rtrim(CAST(expected AS VARCHAR), '0'), '.') AS expected,
  rtrim(rtrim(CAST(actual AS VARCHAR), '0'), '.') AS actual,
  rtrim(rtrim(CAST(abs(expected - actual) AS VARCHAR), '0'), '.') AS gap,
  label,
  label_en,
  terms,
  place,
  source || '#' || place AS source
FROM sides
