-- grain: One row per published item of a log; an exact repeat is marked, not dropped.
-- label: 公开信息条目
-- key: [item_id]
-- by_agency: [items, agency_names]
-- columns:
--   item_id: {label: 条目编号, text: "hash of agency, title, address, 文号 and dates; a repeat carries
--     its number"}
--   agency: {label: 机关, text: "the publisher or author by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: the publisher or author as the log names it}
--   title: {label: 标题, text: as printed}
--   document_number: {label: 发文字号, text: as printed; null where the log says none}
--   series: {label: 机关代字, text: the letters before the bracket}
--   series_year: {label: 文号年份, text: the year in the bracket}
--   serial: {label: 文号序号, text: the number after it}
--   issued_on: {label: 成文日期, text: day of the document}
--   published_on: {label: 发布日期, text: day of publication}
--   published_time: {label: 发布时刻, text: "16:30 as the log prints it; midnight reads as unknown"}
--   lag_days: {label: 公开间隔, unit: 天, text: "published_on − issued_on; negative when dates are
--     in the wrong order"}
--   lag_workdays: {label: 公开间隔（工作日）, unit: 工作日, text: "working days after issued_on up to
--     published_on, 调休 counted", caveat: null outside of the years of the holiday calendar}
--   is_within_20_workdays: {label: 是否二十个工作日内公开, text: "by lag_workdays; without a calendar
--     by days where these leave no doubt (20 or fewer, over 60)", caveat: null for dates that are
--     missing or in the wrong order}
--   is_migration: {label: 是否批量迁移, text: "an old document among ten or more that were
--     published within seven days; the age and the number are settings (limits.yml)"}
--   category: {label: 分类, text: as the log states}
--   channel: {label: 栏目, text: as the log states}
--   channel_name: {label: 栏目名称, text: "of a code, from a list of channels in the same folder or
--     one that all lists agree on; else the channel as stated"}
--   validity: {label: 有效性, text: as the log states}
--   index_number: {label: 索引号, text: as the log states}
--   url: {label: 网址, text: address of the item}
--   site: {label: 网站, text: host of the address}
--   url_on: {label: 网址日期, text: "date inside the address; of a month its first day"}
--   url_precision: {label: 网址日期精度, text: day or month}
--   related_url: {label: 关联网址, text: "address of the document that the item explains, or of what
--     explains it, as the log states"}
--   is_repeat: {label: 是否重复, text: another row has the same content}
--   is_interpretation: {label: 是否解读, text: "title, column or category say so (log_words.csv)"}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH keyed AS (
  SELECT
    items.*,
    coalesce(names.agency, items.agency) AS unit,
    days_between(items.issued_on, items.published_on) AS lag_days,
    days_between(DATE '1900-01-01', items.published_on) AS published_day,
    CASE WHEN items.url LIKE '%://%' THEN split_part(items.url, '/', 3) END AS host,
    -- with what stands before and behind: engines find a whole match faster than a group of it
    regexp_extract(
      items.url,
      '[^0-9](?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])'
      || '|[-/_][01]?[0-9][-/_][0-3]?[0-9])[^0-9]', 0
    ) AS url_match,
    md5(
      concat_ws(
        '|', coalesce(items.agency, ''), coalesce(items.title, ''), coalesce(items.url, ''),
        coalesce(items.document_number, ''), coalesce(CAST(items.issued_on AS VARCHAR), ''),
        coalesce(CAST(items.published_on AS VARCHAR), '')
      )
    ) AS content
  FROM items
  LEFT JOIN agency_names AS names ON names.printed = items.agency
),

-- a short fingerprint finds what may stand twice; only that is compared by its whole content
repeated AS (
  SELECT fingerprint(agency, title, url, document_number, issued_on, published_on) AS print
  FROM items
  GROUP BY fingerprint(agency, title, url, document_number, issued_on, published_on)
  HAVING count(*) > 1
),

occurrences AS (
  SELECT
    source,
    place,
    row_number() OVER (
      PARTITION BY agency, title, url, document_number, issued_on, published_on
      ORDER BY source, place
    ) AS occurrence
  FROM items
  JOIN repeated
    ON repeated.print = fingerprint(agency, title, url, document_number, issued_on, published_on)
),

repeats AS (
  SELECT source, place, occurrence
  FROM occurrences
  WHERE occurrence > 1
),

settings AS (
  SELECT
    max(value) FILTER (WHERE name = 'migration_older_than_days') AS old_after,
    max(value) FILTER (WHERE name = 'migration_items') AS many
  FROM limits
  WHERE region IS NULL
),

old_days AS (
  SELECT
    coalesce(names.agency, items.agency) AS agency,
    days_between(DATE '1900-01-01', items.published_on) AS published_day,
    count(*) AS items
  FROM items
  CROSS JOIN settings
  LEFT JOIN agency_names AS names ON names.printed = items.agency
  LEFT JOIN repeats ON repeats.source = items.source AND repeats.place = items.place
  WHERE
    days_between(items.issued_on, items.published_on) > settings.old_after
    AND repeats.occurrence IS NULL
  GROUP BY 1, 2
),

weeks AS (
  SELECT
    agency,
    published_day,
    sum(items) OVER (
      PARTITION BY agency ORDER BY published_day RANGE BETWEEN CURRENT ROW AND 6 FOLLOWING
    ) AS items
  FROM old_days
),

-- a day belongs to a migration when one of the weeks that hold it has many old documents
fullest AS (
  SELECT
    agency,
    published_day,
    max(items) OVER (
      PARTITION BY agency ORDER BY published_day RANGE BETWEEN 6 PRECEDING AND CURRENT ROW
    ) AS items
  FROM weeks
),

migration_days AS (
  SELECT fullest.agency, fullest.published_day, settings.old_after
  FROM fullest
  CROSS JOIN settings
  WHERE fullest.items >= settings.many
),

named AS (
  SELECT channel, source AS beside, min(name) AS name
  FROM channels
  WHERE name IS NOT NULL
  GROUP BY channel, source
  HAVING min(name) = max(name)
),

-- a code is named by the list in the folder of its log, else as all lists agree
named_logs AS (
  SELECT logs.source, named.channel, min(named.name) AS name
  FROM (SELECT DISTINCT source FROM items) AS logs
  JOIN named
    ON regexp_extract(named.beside, '^(.*/)?[^/]*$', 1)
    = regexp_extract(logs.source, '^(.*/)?[^/]*$', 1)
  GROUP BY logs.source, named.channel
  HAVING min(named.name) = max(named.name)
),

named_anywhere AS (
  SELECT channel, min(name) AS name
  FROM named
  GROUP BY channel
  HAVING min(name) = max(name)
),

url_days AS (
  SELECT keyed.*, substr(url_match, 2, length(url_match) - 2) AS url_day
  FROM keyed
),

-- the month alone where the address shows no day
dated AS (
  SELECT
    url_days.*,
    TRY_CAST(
      CASE
        WHEN substr(url_day, 5, 1) IN ('0', '1')
          THEN substr(url_day, 1, 4) || '-' || substr(url_day, 5, 2) || '-' || substr(url_day, 7, 2)
        WHEN url_day <> '' THEN replace(replace(url_day, '/', '-'), '_', '-')
      END AS DATE
    ) AS day_in_url,
    CASE
      WHEN url_day = '' THEN regexp_extract(url, '/((?:19|20)[0-9]{2}[-/]?(?:0[1-9]|1[0-2]))/', 1)
    END AS url_month
  FROM url_days
)

SELECT
  CASE
    WHEN repeats.occurrence IS NULL THEN dated.content
    ELSE dated.content || '-' || CAST(repeats.occurrence AS VARCHAR)
  END AS item_id,
  dated.unit AS agency,
  dated.agency AS agency_printed,
  dated.title,
  dated.document_number,
  dated.series,
  dated.series_year,
  dated.serial,
  dated.issued_on,
  dated.published_on,
  dated.published_time,
  dated.lag_days,
  published.workday_number - issued.workday_number AS lag_workdays,
  CASE
    WHEN dated.lag_days < 0 THEN NULL
    WHEN published.workday_number - issued.workday_number IS NOT NULL
      THEN published.workday_number - issued.workday_number <= 20
    WHEN dated.lag_days <= 20 THEN TRUE
    WHEN dated.lag_days > 60 THEN FALSE
  END AS is_within_20_workdays,
  migration_days.old_after IS NOT NULL AS is_migration,
  dated.category,
  dated.channel,
  coalesce(named_logs.name, named_anywhere.name, dated.channel) AS channel_name,
  dated.validity,
  dated.index_number,
  dated.url,
  dated.host AS site,
  coalesce(
    dated.day_in_url,
    TRY_CAST(
      CASE WHEN dated.url_month <> '' THEN
        substr(dated.url_month, 1, 4) || '-'
        || substr(dated.url_month, length(dated.url_month) - 1, 2) || '-01'
      END AS DATE
    )
  ) AS url_on,
  CASE
    WHEN dated.day_in_url IS NOT NULL THEN 'day'
    WHEN dated.url_month <> '' THEN 'month'
  END AS url_precision,
  dated.related_url,
  repeats.occurrence IS NOT NULL AS is_repeat,
  coalesce(
    CASE
      WHEN
        says_interpretation(dated.title)
        OR coalesce(
          says_interpretation(coalesce(named_logs.name, named_anywhere.name, dated.channel)), FALSE
        )
        OR coalesce(says_interpretation(dated.category), FALSE)
        THEN NOT says_no_interpretation(dated.title)
    END,
    FALSE
  ) AS is_interpretation,
  dated.place,
  dated.source
FROM dated
LEFT JOIN repeats ON repeats.source = dated.source AND repeats.place = dated.place
LEFT JOIN workdays AS issued ON issued.day = dated.issued_on
LEFT JOIN workdays AS published ON published.day = dated.published_on
LEFT JOIN migration_days
  ON migration_days.agency IS NOT DISTINCT FROM dated.unit
  AND migration_days.published_day = dated.published_day
  AND dated.lag_days > migration_days.old_after
LEFT JOIN named_logs ON named_logs.source = dated.source AND named_logs.channel = dated.channel
LEFT JOIN named_anywhere ON named_anywhere.channel = dated.channel
