-- One row per agency, year and kind of applicant: 本年新收.
WITH received AS (
  SELECT
    agency,
    year,
    edition,
    form_column AS applicant,
    CAST(value AS BIGINT) AS requests,
    source
  FROM report_cells
  WHERE
    form_table = 'applications'
    AND form_row = 'received'
    AND ($agencies IS NULL OR list_contains($agencies, agency))
    AND ($years IS NULL OR list_contains($years, year))
),

applicants AS (
  SELECT
    *,
    CAST(sum(requests) OVER each_report AS BIGINT) AS counted,
    count(*) OVER each_report = count(requests) OVER each_report AS is_complete
  FROM received
  WHERE applicant <> 'total'
  WINDOW each_report AS (PARTITION BY agency, year)
),

based AS (
  SELECT
    applicants.*,
    totals.requests AS total,
    CASE
      WHEN applicants.is_complete THEN greatest(applicants.counted, totals.requests)
      WHEN totals.requests >= applicants.counted THEN totals.requests
    END AS basis
  FROM applicants
  LEFT JOIN received AS totals
    ON totals.agency = applicants.agency
    AND totals.year = applicants.year
    AND totals.applicant = 'total'
)

SELECT
  agency,
  year,
  edition,
  applicant,
  requests,
  total,
  basis,
  requests / nullif(basis, 0) AS share,
  coalesce(counted <> total, FALSE) AS differs,
  source
FROM based
ORDER BY agency, year, applicant
