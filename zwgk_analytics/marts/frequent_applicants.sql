-- grain: One row per applicant (by pseudonym), agency and year with many requests.
-- label: 频繁申请人
-- key: [agency, year, applicant]
-- columns:
--   applicant: {label: 申请人化名, text: keyed hash of the name, caveat: namesakes are one}
--   agency: {label: 机关, text: who was asked}
--   year: {label: 年度, text: of receipt}
--   applicant_kind: {label: 申请人类别, text: as the ledger has it; null where it has several}
--   requests: {label: 申请数, unit: 件, text: "at least frequent_requests of limits.yml"}
--   repeated: {label: 重复申请数, unit: 件, text: answered as 重复申请 or 无正当理由大量反复申请}
--   disputes: {label: 复议诉讼数, unit: 件, text: of its requests that went to 复议 or 诉讼}
--   first_on: {label: 首次收到, text: day of the first request}
--   last_on: {label: 末次收到, text: day of the last request}
--   source: {label: 来源文件, text: the ledgers}
WITH once AS (
  SELECT *
  FROM requests
  WHERE NOT is_repeat AND applicant IS NOT NULL AND year IS NOT NULL
),

agency_limits AS (
  SELECT agencies.agency, limits.value
  FROM (SELECT DISTINCT agency FROM once) AS agencies
  JOIN limits
    ON limits.name = 'frequent_requests'
    AND (limits.region IS NULL OR agencies.agency LIKE '%' || limits.region || '%')
  QUALIFY row_number() OVER (
    PARTITION BY agencies.agency ORDER BY length(limits.region) DESC NULLS LAST
  ) = 1
),

counted AS (
  SELECT
    applicant,
    agency,
    year,
    CASE WHEN min(applicant_kind) = max(applicant_kind) THEN min(applicant_kind) END
      AS applicant_kind,
    count(*) AS requests,
    count(*) FILTER (WHERE outcome IN ('not_processed.repeated', 'not_processed.excessive'))
      AS repeated,
    count(*) FILTER (
      WHERE
        coalesce(reconsideration, 'none') <> 'none' OR coalesce(litigation, 'none') <> 'none'
    ) AS disputes,
    min(coalesce(received_on, submitted_on)) AS first_on,
    max(coalesce(received_on, submitted_on)) AS last_on,
    string_agg(DISTINCT source, '; ' ORDER BY source) AS source
  FROM once
  GROUP BY applicant, agency, year
)

SELECT counted.*
FROM counted
JOIN agency_limits ON agency_limits.agency IS NOT DISTINCT FROM counted.agency
WHERE counted.requests >= agency_limits.value
