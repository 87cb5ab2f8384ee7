-- One row per agency and year with published items.
WITH files AS (
  SELECT agency, list_sort(list(DISTINCT source)) AS source
  FROM publications
  GROUP BY agency
)

SELECT
  volume.agency,
  year(volume.month) AS year,
  CAST(sum(volume.items) AS BIGINT) AS items,
  max(max(volume.month)) OVER (PARTITION BY volume.agency) AS last_month,
  any_value(files.source) AS source
FROM publication_volume AS volume
JOIN files ON files.agency = volume.agency
WHERE
  ($agencies IS NULL OR list_contains($agencies, volume.agency))
  AND ($years IS NULL OR list_contains($years, year(volume.month)))
GROUP BY volume.agency, year(volume.month)
ORDER BY volume.agency, year
