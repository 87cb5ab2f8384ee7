-- One row per check and outcome of the meetings: topics, or meetings for minutes and topics.
WITH checks AS (
  SELECT host, held_on, 'submission' AS check_name, 1 AS position, submission_kept AS kept, source
  FROM meetings WHERE NOT is_repeat
  UNION ALL
  SELECT host, held_on, 'report_length', 2, report_length_kept, source
  FROM meetings WHERE NOT is_repeat
  UNION ALL
  SELECT host, held_on, 'consultation', 3, consultation_kept, source
  FROM meetings WHERE NOT is_repeat
  UNION ALL
  SELECT host, held_on, 'legal_review', 4, legal_review_kept, source
  FROM meetings WHERE NOT is_repeat AND is_normative
  UNION ALL
  SELECT host, held_on, 'comments', 5, comments_kept, source
  FROM meetings WHERE NOT is_repeat AND is_major
  UNION ALL
  SELECT host, held_on, 'feedback', 6, feedback_kept, source
  FROM meetings WHERE NOT is_repeat AND (comment_to IS NOT NULL OR feedback_on IS NOT NULL)
  UNION ALL
  SELECT host, held_on, 'topics', 7, topics_kept, source
  FROM meeting_sessions
  UNION ALL
  SELECT host, held_on, 'minutes', 8, minutes_kept, source
  FROM meeting_sessions
  UNION ALL
  SELECT host, held_on, 'published', 9, published_kept, source
  FROM meetings WHERE NOT is_repeat
  UNION ALL
  SELECT host, held_on, 'follow_up', 10, follow_up_kept, source
  FROM meetings WHERE NOT is_repeat
)

SELECT
  check_name,
  position,
  CASE WHEN kept THEN 'kept' WHEN NOT kept THEN 'not_kept' ELSE 'unknown' END AS outcome,
  count(*) AS subjects,
  CAST(count(*) AS DOUBLE) / sum(count(*)) OVER (PARTITION BY check_name) AS share,
  list_sort(list(DISTINCT source)) AS source
FROM checks
WHERE
  ($agencies IS NULL OR list_contains($agencies, host))
  AND ($years IS NULL OR list_contains($years, year(held_on)))
GROUP BY check_name, position, outcome
ORDER BY position, outcome
