-- grain: One row per agency and year of publication.
-- label: 人均公开量
-- key: [agency, year]
-- columns:
--   agency: {label: 机关, text: as the log names it}
--   year: {label: 年度, text: year of publication}
--   items: {label: 条数, unit: 条, text: items published; exact repeats left out}
--   population: {label: 常住人口, unit: 人, text: "of the register (registers/agencies.csv)", caveat: one
--     number for every year; null where the register knows none}
--   items_per_10000: {label: 每万人公开条数, unit: 条/万人, text: items over population}
WITH yearly AS (
  SELECT agency, CAST(year(month) AS INTEGER) AS year, CAST(sum(items) AS BIGINT) AS items
  FROM publication_volume
  GROUP BY agency, year(month)
),

residents AS (
  SELECT agency, min(population) AS population
  FROM registered
  GROUP BY agency
  HAVING count(DISTINCT population) = 1
)

SELECT
  yearly.agency,
  yearly.year,
  yearly.items,
  residents.population,
  yearly.items * 10000.0 / nullif(residents.population, 0) AS items_per_10000
FROM yearly
LEFT JOIN residents ON residents.agency = yearly.agency
