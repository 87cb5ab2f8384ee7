-- One subject: one line of the other axis of one report. `form_terms` and `form_subjects` are the
-- rule's identity as the form files state it. A blank that the identity allows reads as "nothing
-- known, not negative", and so does a line that a local form does not print: it can explain a
-- difference one way only, and then nothing is asserted. Words are put together for breaks alone.
WITH addressed AS (
  SELECT
    form_terms.*,
    form_subjects.subject_key,
    form_subjects.label,
    form_subjects.label_en,
    dense_rank() OVER (ORDER BY form_terms.identity, form_subjects.line) AS subject_number,
    CASE WHEN form_terms.axis = 'row' THEN form_terms.line ELSE form_subjects.line END AS form_row,
    CASE WHEN form_terms.axis = 'row' THEN form_subjects.line ELSE form_terms.line END
      AS form_column,
    (form_terms.side = 'expected') = (form_terms.sign > 0) AS raises_expected,
    NOT (form_terms.may_be_blank AND form_terms.rows_vary) AS must_be_printed
  FROM form_terms
  JOIN form_subjects ON form_subjects.identity = form_terms.identity
),

asked AS (
  SELECT
    subject_number,
    edition,
    form_table,
    subject_key,
    label,
    label_en,
    count(*) FILTER (WHERE must_be_printed) AS must_be_printed,
    count(*) FILTER (WHERE raises_expected) AS raise_expected,
    count(*) FILTER (WHERE NOT raises_expected) AS raise_actual
  FROM addressed
  GROUP BY subject_number, edition, form_table, subject_key, label, label_en
),

found AS (
  SELECT
    reports.agency,
    reports.year,
    addressed.subject_number,
    addressed.side,
    addressed.sign,
    addressed.may_be_blank,
    addressed.must_be_printed,
    addressed.raises_expected,
    report_cells.value,
    report_cells.state
  FROM report_cells
  JOIN addressed
    ON addressed.form_table = report_cells.form_table
    AND addressed.form_row = report_cells.form_row
    AND addressed.form_column = report_cells.form_column
  JOIN reports
    ON reports.agency = report_cells.agency
    AND reports.year = report_cells.year + addressed.years_before
    AND reports.edition = addressed.edition
  WHERE NOT addressed.same_edition OR report_cells.edition = addressed.edition
),

sides AS (
  SELECT
    agency,
    year,
    subject_number,
    sum(value * sign) FILTER (WHERE side = 'expected') AS expected,
    sum(value * sign) FILTER (WHERE side = 'actual') AS actual,
    count(*) FILTER (WHERE must_be_printed) AS printed,
    bool_or(value IS NULL AND NOT (may_be_blank AND state IN ('blank', 'dash'))) AS is_unknown,
    count(value) FILTER (WHERE raises_expected) AS raise_expected,
    count(value) FILTER (WHERE NOT raises_expected) AS raise_actual
  FROM found
  GROUP BY agency, year, subject_number
),

judged AS (
  SELECT
    reports.agency,
    reports.year,
    asked.subject_number,
    asked.form_table,
    asked.subject_key,
    asked.label,
    asked.label_en,
    sides.expected,
    sides.actual,
    CASE
      WHEN sides.is_unknown IS NULL OR sides.is_unknown THEN 'not_assessable'
      WHEN sides.printed < asked.must_be_printed THEN 'not_assessable'
      WHEN sides.expected IS NULL OR sides.actual IS NULL THEN 'not_assessable'
      WHEN sides.expected = sides.actual THEN 'holds'
      WHEN sides.expected < sides.actual AND sides.raise_expected < asked.raise_expected
        THEN 'not_assessable'
      WHEN sides.expected > sides.actual AND sides.raise_actual < asked.raise_actual
        THEN 'not_assessable'
      ELSE 'broken'
    END AS outcome
  FROM reports
  JOIN asked ON asked.edition = reports.edition
  LEFT JOIN sides
    ON sides.agency = reports.agency
    AND sides.year = reports.year
    AND sides.subject_number = asked.subject_number
),

told AS (
  SELECT
    judged.agency,
    judged.year,
    judged.subject_number,
    min(reports.source) AS source,
    string_agg(
      CASE WHEN addressed.sign < 0 THEN ' − ' WHEN addressed.position > 1 THEN ' + ' ELSE '' END
      || rtrim(rtrim(CAST(report_cells.value AS VARCHAR), '0'), '.'),
      '' ORDER BY addressed.position
    ) FILTER (WHERE addressed.side = 'expected') AS terms,
    string_agg(
      CASE
        WHEN addressed.years_before = 0 THEN report_cells.place
        ELSE report_cells.source || '#' || report_cells.place
      END,
      '; ' ORDER BY addressed.years_before, addressed.side, addressed.position
    ) FILTER (WHERE report_cells.value <> 0 OR NOT addressed.may_be_blank) AS place
  FROM judged
  JOIN reports ON reports.agency = judged.agency AND reports.year = judged.year
  JOIN addressed
    ON addressed.subject_number = judged.subject_number AND addressed.edition = reports.edition
  JOIN report_cells
    ON report_cells.agency = judged.agency
    AND report_cells.year = judged.year - addressed.years_before
    AND report_cells.form_table = addressed.form_table
    AND report_cells.form_row = addressed.form_row
    AND report_cells.form_column = addressed.form_column
    AND (report_cells.edition = addressed.edition OR NOT addressed.same_edition)
  WHERE judged.outcome = 'broken'
  GROUP BY judged.agency, judged.year, judged.subject_number
)

SELECT
  judged.agency,
  CAST(judged.year AS VARCHAR) AS period,
  judged.label || '（' || judged.subject_key || '）' AS subject,
  judged.form_table || '/' || judged.subject_key AS subject_key,
  judged.outcome,
  1 AS items,
  rtrim(rtrim(CAST(judged.expected AS VARCHAR), '0'), '.') AS expected,
  rtrim(rtrim(CAST(judged.actual AS VARCHAR), '0'), '.') AS actual,
  rtrim(rtrim(CAST(abs(judged.expected - judged.actual) AS VARCHAR), '0'), '.') AS gap,
  judged.label,
  judged.label_en,
  told.terms,
  told.place,
  told.source || '#' || told.place AS source
FROM judged
LEFT JOIN told
  ON told.agency = judged.agency
  AND told.year = judged.year
  AND told.subject_number = judged.subject_number
