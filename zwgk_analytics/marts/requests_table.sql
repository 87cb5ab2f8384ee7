-- grain: One row per agency, year and cell of tables 3 and 4 of the annual report, from the ledger.
-- label: 按台账计算的年度报告表三、表四
-- key: [agency, year, form_table, form_row, form_column]
-- columns:
--   agency: {label: 机关, text: who was asked}
--   year: {label: 年度, text: reporting year}
--   form_table: {label: 表, text: applications or review}
--   form_row: {label: 行, text: key of the form's row}
--   form_column: {label: 列, text: key of the form's column}
--   value: {label: 件数, unit: 件, text: "requests or cases, counted by their dates; so far where the
--     year is not over", caveat: "null where `reason` says why; of 复议 and 诉讼 a blank is taken as none
--     where another row of the year says anything of them"}
--   unplaced: {label: 归属不明件数, unit: 件, text: "requests that may belong into the cell as far as the
--     ledger tells; value is null where there are any"}
--   reason: {label: 无数值的原因, text: "opening (the ledger does not go back behind the year, so what was
--     carried in is not known), unstated (no row of the year says anything of 复议 or 诉讼) or unplaced"}
--   is_covered: {label: 台账是否覆盖全年, text: "the year is over, and a sidecar gives it as that of the
--     ledger or its dates reach from the first quarter to the last"}
--   ledger_from: {label: 台账起, text: first day of receipt in the ledger}
--   ledger_to: {label: 台账止, text: last day of receipt or reply in the ledger}
--   source: {label: 来源文件, text: the ledgers}
WITH once AS (
  SELECT
    *,
    CAST(year(replied_on) AS INTEGER) AS closed_year,
    received_on IS NOT NULL OR month(coalesce(received_on, submitted_on)) < 12 AS is_year_sure,
    outcome IN ('granted', 'partially_granted') OR outcome LIKE '%.%' AS is_row_known,
    coalesce(replied_on, received_on, submitted_on) AS last_on
  FROM requests
  WHERE NOT is_repeat
),

declared AS (
  SELECT DISTINCT once.agency, documents.year
  FROM once
  JOIN documents ON documents.source = once.source
  WHERE documents.year IS NOT NULL
),

ledgers AS (
  SELECT
    agency,
    min(coalesce(received_on, submitted_on)) AS ledger_from,
    max(CASE WHEN last_on <= refreshed.refreshed_on THEN last_on END) AS ledger_to,
    string_agg(DISTINCT source, '; ' ORDER BY source) AS source
  FROM once
  CROSS JOIN refreshed
  GROUP BY agency
),

carried AS (
  SELECT agency, year + 1 AS year
  FROM report_cells
  WHERE
    form_table = 'applications' AND form_row = 'carried_out' AND form_column = 'total'
    AND value = 0
),

agency_years AS (
  SELECT
    ledgers.agency,
    form_years.year,
    ledgers.ledger_from,
    ledgers.ledger_to,
    ledgers.source,
    make_date(form_years.year, 12, 31) < refreshed.refreshed_on
    AND (
      declared.year IS NOT NULL
      OR (
        ledgers.ledger_from <= make_date(form_years.year, 3, 31)
        AND ledgers.ledger_to >= make_date(form_years.year, 10, 1)
      )
    ) AS is_covered,
    declared.year IS NOT NULL
    OR ledgers.ledger_from < make_date(form_years.year, 1, 1)
    OR carried.year IS NOT NULL AS is_opening_known
  FROM ledgers
  CROSS JOIN refreshed
  JOIN form_years
    ON form_years.year BETWEEN year(ledgers.ledger_from) AND year(ledgers.ledger_to)
  LEFT JOIN declared
    ON declared.agency IS NOT DISTINCT FROM ledgers.agency AND declared.year = form_years.year
  LEFT JOIN carried ON carried.agency = ledgers.agency AND carried.year = form_years.year
),

-- every year in which a request may count, in which row: surely, or as far as the ledger tells
placed AS (
  SELECT agency, year, 'applications' AS form_table, 'received' AS form_row,
    CAST(NULL AS VARCHAR) AS outcome_group, applicant_kind AS form_column, is_year_sure AS is_sure
  FROM once
  WHERE year IS NOT NULL
  UNION ALL
  SELECT agency, year + 1, 'applications', 'received', NULL, applicant_kind, FALSE
  FROM once
  WHERE NOT is_year_sure
  UNION ALL
  SELECT agency_years.agency, agency_years.year, 'applications', form_rows.form_row, NULL,
    once.applicant_kind, FALSE
  FROM once
  JOIN agency_years ON agency_years.agency IS NOT DISTINCT FROM once.agency
  CROSS JOIN (VALUES ('received'), ('carried_in'), ('carried_out')) AS form_rows (form_row)
  WHERE once.year IS NULL
  UNION ALL
  SELECT once.agency, agency_years.year, 'applications', 'carried_in', NULL, once.applicant_kind,
    (once.is_year_sure OR agency_years.year > once.year + 1)
    AND (once.is_running OR once.closed_year IS NOT NULL)
  FROM once
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM once.agency
    AND agency_years.year > once.year
    AND (once.closed_year IS NULL OR agency_years.year <= once.closed_year)
  UNION ALL
  SELECT once.agency, agency_years.year, 'applications', 'carried_out', NULL, once.applicant_kind,
    (once.is_year_sure OR agency_years.year > once.year)
    AND (once.is_running OR once.closed_year IS NOT NULL)
  FROM once
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM once.agency
    AND agency_years.year >= once.year
    AND (once.closed_year IS NULL OR agency_years.year < once.closed_year)
  UNION ALL
  SELECT agency, closed_year, 'applications', 'total', NULL, applicant_kind, TRUE
  FROM once
  WHERE closed_year IS NOT NULL
  UNION ALL
  SELECT agency, closed_year, 'applications', CASE WHEN is_row_known THEN outcome END,
    outcome_group, applicant_kind, coalesce(is_row_known, FALSE)
  FROM once
  WHERE closed_year IS NOT NULL
  UNION ALL
  SELECT agency_years.agency, agency_years.year, 'applications',
    CASE WHEN form_rows.is_total THEN 'total' WHEN once.is_row_known THEN once.outcome END,
    once.outcome_group, once.applicant_kind, FALSE
  FROM once
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM once.agency
    AND (once.year IS NULL OR agency_years.year >= once.year)
  CROSS JOIN (VALUES (TRUE), (FALSE)) AS form_rows (is_total)
  WHERE once.closed_year IS NULL AND NOT once.is_running
),

cases AS (
  SELECT agency, 'reconsideration' AS channel, reconsideration AS result,
    reconsideration_filed_on AS filed_on, reconsideration_decided_on AS decided_on, year, last_on
  FROM once
  WHERE reconsideration <> 'none'
  UNION ALL
  SELECT
    agency,
    CASE
      WHEN coalesce(reconsideration, 'none') = 'none' THEN 'litigation_direct'
      ELSE 'litigation_after_review'
    END,
    litigation, litigation_filed_on, litigation_decided_on, year, last_on
  FROM once
  WHERE litigation <> 'none'
),

-- a case that was decided in the year of the reply was brought in that year too
dated AS (
  SELECT
    *,
    CASE WHEN result <> 'pending' THEN CAST(year(decided_on) AS INTEGER) END AS decided_year,
    CAST(
      coalesce(
        year(filed_on), CASE WHEN year(last_on) = year(decided_on) THEN year(last_on) END
      ) AS INTEGER
    ) AS filed_year
  FROM cases
),

disputed AS (
  SELECT agency, decided_year AS year, channel, result, TRUE AS is_sure
  FROM dated
  WHERE decided_year IS NOT NULL
  UNION ALL
  SELECT dated.agency, agency_years.year, dated.channel, dated.result, FALSE
  FROM dated
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM dated.agency
    AND agency_years.year >= coalesce(dated.filed_year, dated.year, agency_years.year)
  WHERE dated.decided_year IS NULL AND dated.result <> 'pending'
  UNION ALL
  SELECT dated.agency, agency_years.year, dated.channel, 'pending',
    dated.filed_year IS NOT NULL
    AND (dated.decided_year IS NOT NULL OR dated.result = 'pending')
  FROM dated
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM dated.agency
    AND agency_years.year >= coalesce(dated.filed_year, dated.year, agency_years.year)
    AND (dated.decided_year IS NULL OR agency_years.year < dated.decided_year)
),

stated AS (
  SELECT
    agency,
    year,
    bool_or(reconsideration IS NOT NULL) AS has_reconsideration,
    bool_or(litigation IS NOT NULL) AS has_litigation
  FROM once
  GROUP BY agency, year
),

members AS (
  SELECT agency, year, form_table, form_row, outcome_group, form_column, is_sure FROM placed
  UNION ALL
  SELECT agency, year, 'review', channel, NULL, result, is_sure FROM disputed
),

counted AS (
  SELECT
    agency_years.agency,
    agency_years.year,
    form_cells.form_table,
    form_cells.form_row,
    form_cells.form_column,
    count(*) FILTER (
      WHERE
        members.is_sure
        AND members.form_row = form_cells.form_row
        AND (form_cells.form_column = 'total' OR members.form_column = form_cells.form_column)
    ) AS sure,
    count(members.form_table) AS possible
  FROM agency_years
  CROSS JOIN form_cells
  LEFT JOIN members
    ON members.agency IS NOT DISTINCT FROM agency_years.agency
    AND members.year = agency_years.year
    AND members.form_table = form_cells.form_table
    AND (
      members.form_row = form_cells.form_row
      OR (
        members.form_row IS NULL
        AND form_cells.row_role = 'outcome'
        AND coalesce(members.outcome_group, form_cells.row_group) = form_cells.row_group
      )
    )
    AND (
      form_cells.form_column = 'total'
      OR coalesce(members.form_column, form_cells.form_column) = form_cells.form_column
      OR (members.form_column = 'organisation' AND form_cells.form_column <> 'natural_person')
    )
  GROUP BY
    agency_years.agency, agency_years.year, form_cells.form_table, form_cells.form_row,
    form_cells.form_column
),

judged AS (
  SELECT
    counted.*,
    agency_years.is_covered,
    agency_years.ledger_from,
    agency_years.ledger_to,
    agency_years.source,
    CASE
      WHEN counted.form_table = 'review' AND NOT coalesce(
        CASE
          WHEN counted.form_row = 'reconsideration' THEN stated.has_reconsideration
          ELSE stated.has_litigation
        END,
        FALSE
      ) THEN 'unstated'
      WHEN counted.form_row <> 'received' AND NOT agency_years.is_opening_known THEN 'opening'
      WHEN counted.possible > counted.sure THEN 'unplaced'
    END AS reason
  FROM counted
  JOIN agency_years
    ON agency_years.agency IS NOT DISTINCT FROM counted.agency
    AND agency_years.year = counted.year
  LEFT JOIN stated
    ON stated.agency IS NOT DISTINCT FROM counted.agency AND stated.year = counted.year
)

SELECT
  agency,
  year,
  form_table,
  form_row,
  form_column,
  CASE WHEN reason IS NULL THEN sure END AS value,
  possible - sure AS unplaced,
  reason,
  is_covered,
  ledger_from,
  ledger_to,
  source
FROM judged
