-- One row per rule and outcome.
SELECT
  rule,
  outcome,
  subjects,
  CASE WHEN sum(subjects) OVER (PARTITION BY rule) > 0
    THEN subjects / sum(subjects) OVER (PARTITION BY rule) END AS share
FROM rule_results
ORDER BY rule, outcome
