-- One row per agency and element of its service items: how many state it, of how many that can be told.
SELECT
  items.agency,
  elements.element,
  elements.label,
  min(elements.position) AS position,
  count(*) AS items,
  count(elements.state) AS assessed,
  count(*) FILTER (WHERE elements.state = 'present') AS present,
  CASE
    WHEN count(elements.state) > 0
      THEN CAST(count(*) FILTER (WHERE elements.state = 'present') AS DOUBLE) / count(elements.state)
  END AS share,
  list_sort(list(DISTINCT items.source)) AS source
FROM service_elements AS elements
JOIN service_items AS items
  ON items.source = elements.source AND items.place = elements.place
WHERE
  NOT items.is_repeat
  AND ($agencies IS NULL OR list_contains($agencies, items.agency))
GROUP BY items.agency, elements.element, elements.label
ORDER BY items.agency, position
