-- One row per pair of reports: the section that is most alike.
SELECT
  agency,
  year,
  section,
  other_agency,
  other_year,
  ratio,
  longest_span
FROM text_reuse
WHERE
  ($agencies IS NULL OR list_contains($agencies, agency))
  AND ($years IS NULL OR list_contains($years, year))
QUALIFY row_number() OVER (
  PARTITION BY agency, year, other_agency, other_year ORDER BY ratio DESC, section
) = 1
ORDER BY ratio DESC, agency, year, other_agency, other_year
