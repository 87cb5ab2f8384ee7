-- grain: One row per agency, year of publication and topic.
-- label: 公开信息主题构成
-- key: [agency, year, topic, origin]
-- by_agency: [publications]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   topic: {label: 主题, text: "主题分类 as the log states, else of the first word of topics.csv that
--     the title has; null where it has none"}
--   origin: {label: 主题来源, text: "category (stated), keyword or none", caveat: a keyword is a guess
--     from the title}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   share: {label: 占比, unit: 比例, text: of the agency's items of the year}
WITH published AS (
  SELECT
    agency,
    CAST(year(published_on) AS INTEGER) AS year,
    category,
    CASE WHEN category IS NULL THEN topic_word(title) END AS word,
    count(*) AS items
  FROM publications
  WHERE published_on IS NOT NULL AND NOT is_repeat
  GROUP BY 1, 2, 3, 4
),

counted AS (
  SELECT
    published.agency,
    published.year,
    coalesce(published.category, topics.topic) AS topic,
    CASE
      WHEN published.category IS NOT NULL THEN 'category'
      WHEN topics.topic IS NOT NULL THEN 'keyword'
      ELSE 'none'
    END AS origin,
    CAST(sum(published.items) AS BIGINT) AS items
  FROM published
  LEFT JOIN topics ON topics.word = published.word
  GROUP BY 1, 2, 3, 4
)

SELECT
  agency,
  year,
  topic,
  origin,
  items,
  CAST(items AS DOUBLE) / sum(items) OVER (PARTITION BY agency, year) AS share
FROM counted
