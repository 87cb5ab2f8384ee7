-- grain: One row per agency and state of validity.
-- label: 文件效力存量
-- key: [agency, validity]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   validity: {label: 效力, text: "in_force, expired, amended or other"}
--   printed: {label: 原文, text: how the log states it}
--   items: {label: 件数, unit: 件, text: "items of that state; exact repeats left out, a document
--     listed in several columns counted once by its 文号"}
--   share: {label: 占比, unit: 比例, text: of the agency's items that state their validity}
--   last_published_on: {label: 最近发布日期, text: "of these items: the stock is as of the log"}
WITH printed AS (
  SELECT DISTINCT validity
  FROM publications
  WHERE validity IS NOT NULL
),

states AS (
  SELECT printed.validity, log_words.key AS state
  FROM printed
  LEFT JOIN log_words
    ON log_words.kind = 'validity' AND regexp_matches(printed.validity, log_words.pattern)
  QUALIFY row_number() OVER (
    PARTITION BY printed.validity ORDER BY log_words.key = 'amended' DESC, log_words.position
  ) = 1
),

counted AS (
  SELECT
    publications.agency,
    coalesce(states.state, 'other') AS validity,
    count(DISTINCT coalesce(publications.document_number, publications.item_id)) AS items,
    max(publications.published_on) AS last_published_on
  FROM publications
  JOIN states ON states.validity = publications.validity
  WHERE NOT publications.is_repeat
  GROUP BY publications.agency, coalesce(states.state, 'other')
),

words AS (
  SELECT
    coalesce(state, 'other') AS validity,
    string_agg(validity, '、' ORDER BY validity) AS printed
  FROM states
  GROUP BY coalesce(state, 'other')
)

SELECT
  counted.agency,
  counted.validity,
  words.printed,
  counted.items,
  CAST(counted.items AS DOUBLE) / sum(counted.items) OVER (PARTITION BY counted.agency) AS share,
  counted.last_published_on
FROM counted
JOIN words ON words.validity = counted.validity
