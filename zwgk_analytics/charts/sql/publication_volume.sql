-- One row per agency and month with published items.
WITH files AS (
  SELECT agency, list_sort(list(DISTINCT source)) AS source
  FROM publications
  GROUP BY agency
)

SELECT
  volume.agency,
  volume.month,
  CAST(sum(volume.items) AS BIGINT) AS items,
  any_value(files.source) AS source
FROM publication_volume AS volume
LEFT JOIN files ON files.agency IS NOT DISTINCT FROM volume.agency
WHERE
  ($agencies IS NULL OR list_contains($agencies, volume.agency))
  AND ($years IS NULL OR list_contains($years, year(volume.month)))
GROUP BY volume.agency, volume.month
ORDER BY volume.agency NULLS LAST, volume.month
