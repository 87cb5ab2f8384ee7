-- One row per agency, year and strand: what came in, and what became of it.
SELECT
  handling.agency,
  handling.year,
  handling.edition,
  strands.side,
  strands.position,
  strands.strand,
  strands.requests,
  handling.source
FROM application_handling AS handling
CROSS JOIN LATERAL (
  VALUES
    ('in', 1, 'received', handling.received),
    ('in', 2, 'carried_in', handling.carried_in),
    ('out', 3, 'granted', handling.granted),
    ('out', 4, 'partially_granted', handling.partially_granted),
    ('out', 5, 'denied', handling.denied),
    ('out', 6, 'unable', handling.unable),
    ('out', 7, 'not_processed', handling.not_processed),
    ('out', 8, 'other', handling.other),
    ('out', 9, 'carried_out', handling.carried_out)
) AS strands (side, position, strand, requests)
WHERE
  ($agencies IS NULL OR list_contains($agencies, handling.agency))
  AND ($years IS NULL OR list_contains($years, handling.year))
ORDER BY handling.agency, handling.year, strands.position
