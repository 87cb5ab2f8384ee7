-- One row per agency and year whose stated volume can be held against its log.
WITH observed AS (
  SELECT agency, year(month) AS year, CAST(sum(items) AS BIGINT) AS observed
  FROM publication_volume
  WHERE agency IS NOT NULL
  GROUP BY agency, year(month)
)

SELECT
  figures.agency,
  figures.year,
  CAST(figures.value AS DOUBLE) AS claimed,
  figures.origin,
  figures.caveat,
  observed.observed,
  observed.observed / nullif(CAST(figures.value AS DOUBLE), 0) AS ratio,
  split_part(figures.source, '#', 1) AS source
FROM annual_figures AS figures
JOIN observed ON observed.agency = figures.agency AND observed.year = figures.year
WHERE
  figures.measure = 'items_published'
  AND figures.value IS NOT NULL
  AND ($agencies IS NULL OR list_contains($agencies, figures.agency))
  AND ($years IS NULL OR list_contains($years, figures.year))
ORDER BY figures.agency, figures.year
