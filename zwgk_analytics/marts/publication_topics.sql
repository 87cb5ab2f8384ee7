-- grain: One row per agency, year of publication and topic.
-- label: 公开信息主题构成
-- key: [agency, year, topic, origin]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   topic: {label: 主题, text: "主题分类 as the log states, else of the first line of topics.csv that
--     has a word of the title; null where no line has"}
--   origin: {label: 主题来源, text: "category (stated), keyword or none", caveat: a keyword is a guess
--     from the title}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   share: {label: 占比, unit: 比例, text: of the agency's items of the year}
WITH titles AS (
  SELECT DISTINCT title
  FROM publications
  WHERE category IS NULL AND published_on IS NOT NULL AND NOT is_repeat AND title IS NOT NULL
),

matched AS (
  SELECT titles.title, min(topics.position) AS position
  FROM titles
  JOIN topics ON regexp_matches(titles.title, topics.pattern)
  GROUP BY titles.title
),

counted AS (
  SELECT
    publications.agency,
    CAST(year(publications.published_on) AS INTEGER) AS year,
    coalesce(publications.category, topics.topic) AS topic,
    CASE
      WHEN publications.category IS NOT NULL THEN 'category'
      WHEN topics.topic IS NOT NULL THEN 'keyword'
      ELSE 'none'
    END AS origin,
    count(*) AS items
  FROM publications
  LEFT JOIN matched
    ON publications.category IS NULL AND matched.title = publications.title
  LEFT JOIN topics ON topics.position = matched.position
  WHERE publications.published_on IS NOT NULL AND NOT publications.is_repeat
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
