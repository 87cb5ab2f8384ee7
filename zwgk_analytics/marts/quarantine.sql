-- grain: One row per document that is not used.
-- label: 未采用文件
-- key: [source]
-- columns:
--   source: {label: 来源文件, text: path under the raw folder}
--   sha256: {label: 校验和, text: of the file's bytes; null where they could not be read}
--   reason: {label: 原因, text: a stable code}
--   detail: {label: 说明, text: what was found and what to do}
SELECT
  source,
  sha256,
  reason,
  detail
FROM manifest
WHERE reason IS NOT NULL
UNION ALL
SELECT
  source,
  sha256,
  'identity.unknown' AS reason,
  CASE
    WHEN agency IS NULL AND year IS NULL THEN 'neither agency nor year was'
    WHEN agency IS NULL THEN 'the agency was not'
    ELSE 'the year was not'
  END || ' found in the report; state it in a sidecar NAME.yml beside the file' AS detail
FROM documents
WHERE kind = 'annual_report' AND (agency IS NULL OR year IS NULL)
