-- One row per agency and category with published items; category is null where the log states none.
WITH files AS (
  SELECT agency, list_sort(list(DISTINCT source)) AS source
  FROM publications
  GROUP BY agency
)

SELECT
  volume.agency,
  volume.category,
  CAST(sum(volume.items) AS BIGINT) AS items,
  min(volume.month) AS first_month,
  max(volume.month) AS last_month,
  any_value(files.source) AS source
FROM publication_volume AS volume
LEFT JOIN files ON files.agency IS NOT DISTINCT FROM volume.agency
WHERE
  ($agencies IS NULL OR list_contains($agencies, volume.agency))
  AND ($years IS NULL OR list_contains($years, year(volume.month)))
GROUP BY volume.agency, volume.category
ORDER BY volume.agency NULLS LAST, items DESC, volume.category NULLS LAST
