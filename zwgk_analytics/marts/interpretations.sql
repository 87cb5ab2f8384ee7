-- grain: One row per interpretation (解读) of a log, with the document it explains where one is found.
-- label: 政策解读
-- key: [item_id]
-- columns:
--   item_id: {label: 条目编号, text: the interpretation in `publications`}
--   document_id: {label: 文件条目编号, text: the document in `publications`; null where none is found}
--   agency: {label: 机关, text: who published the interpretation}
--   title: {label: 标题, text: of the interpretation}
--   document_title: {label: 文件标题, text: of the document}
--   document_number: {label: 发文字号, text: of the document}
--   link_kind: {label: 关联方式, text: "address (the log states the other's address), number (文号) or
--     title (《》 or the words before 解读)"}
--   certainty: {label: 关联可信度, text: "certain (an address, or a number that one document has),
--     likely (a title that one document has) or possible (several fit: the nearest one before; or
--     the 文号 listed with it is of a document that its 《》 does not name; or it explains a
--     revision and the document found is none)"}
--   candidates: {label: 候选文件数, unit: 件, text: documents that fit by that kind of link}
--   published_on: {label: 解读发布日期, text: day of the interpretation}
--   document_published_on: {label: 文件发布日期, text: day of the document}
--   lag_days: {label: 解读间隔, unit: 天, text: "document → interpretation; negative when it came first"}
--   lag_workdays: {label: 解读间隔（工作日）, unit: 工作日, text: "the same in working days, 调休 counted",
--     caveat: null outside of the years of the holiday calendar}
--   limit_workdays: {label: 解读时限, unit: 工作日, text: "interpretation_workdays of limits.yml for the
--     region"}
--   is_first: {label: 是否首篇解读, text: no other interpretation of the document came before}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH explained AS (
  SELECT
    item_id,
    agency,
    site,
    title,
    published_on,
    says_revised(title) AS is_revised,
    url,
    related_url,
    series,
    series_year,
    serial,
    regexp_extract(
      title, '([一-龥]{2,12})[〔﹝\[【（(](?:19|20)[0-9]{2}[〕﹞\]】）)][0-9]{1,5}号', 1
    ) AS title_series,
    TRY_CAST(
      regexp_extract(title, '[〔﹝\[【（(]((?:19|20)[0-9]{2})[〕﹞\]】）)][0-9]{1,5}号', 1) AS INTEGER
    ) AS title_year,
    TRY_CAST(
      regexp_extract(title, '[〔﹝\[【（(](?:19|20)[0-9]{2}[〕﹞\]】）)]([0-9]{1,5})号', 1) AS INTEGER
    ) AS title_serial,
    place,
    source
  FROM publications
  WHERE NOT is_repeat AND is_interpretation
),

publishers AS (
  SELECT DISTINCT agency FROM explained
),

sites AS (
  SELECT DISTINCT site FROM explained WHERE site IS NOT NULL
),

-- what the same agencies and sites publish beside
documents AS (
  SELECT
    publications.item_id,
    publications.agency,
    publications.site,
    publications.title,
    publications.document_number,
    publications.published_on,
    publications.url,
    publications.related_url,
    publications.series,
    publications.series_year,
    publications.serial
  FROM publications
  LEFT JOIN explained ON explained.item_id = publications.item_id
  LEFT JOIN publishers ON publishers.agency IS NOT DISTINCT FROM publications.agency
  LEFT JOIN sites ON sites.site = publications.site
  CROSS JOIN (SELECT count(*) AS interpretations FROM explained) AS found
  WHERE
    found.interpretations > 0
    AND NOT publications.is_repeat
    AND publications.title IS NOT NULL
    AND explained.item_id IS NULL
    AND (publishers.agency IS NOT NULL OR sites.site IS NOT NULL OR publications.agency IS NULL)
),

topics_named AS (
  SELECT item_id, title_key(quoted) AS topic
  FROM (
    SELECT item_id, unnest(regexp_extract_all(title, '《([^《》]+)》', 1)) AS quoted FROM explained
  ) AS listed
  UNION
  SELECT item_id, title_key(regexp_extract(title, '《(.+)》', 1))
  FROM explained
  UNION
  SELECT
    item_id,
    title_key(
      regexp_extract(
        title, '^(?:[^：:]{0,8}[：:])?(.+?)(?:的)?(?:政策|文件|部门|专家)?(?:解读|图解)$', 1
      )
    )
  FROM explained
),

documents_named AS (
  SELECT item_id, title_key(title) AS topic
  FROM documents
  UNION ALL
  SELECT item_id, title_key(regexp_extract(title, '《(.+)》', 1))
  FROM documents
  WHERE title LIKE '%《%'
  UNION ALL
  SELECT item_id, title_key(regexp_extract(title, '(关于.+)$', 1))
  FROM documents
  WHERE title LIKE '%关于%'
  UNION ALL
  SELECT
    item_id,
    title_key(
      regexp_extract(
        title, '关于(?:印发|发布|公布|转发)?(.+?)(?:的(?:通知|公告|决定|通告))?$', 1
      )
    )
  FROM documents
  WHERE title LIKE '%关于%'
),

links AS (
  SELECT explained.item_id, documents.item_id AS document_id, 'address' AS link_kind, 1 AS preference
  FROM explained
  JOIN documents ON documents.url = explained.related_url
  UNION
  SELECT explained.item_id, documents.item_id, 'address', 1
  FROM explained
  JOIN documents ON documents.related_url = explained.url
  UNION
  SELECT explained.item_id, documents.item_id, 'number', 3
  FROM explained
  JOIN documents
    ON documents.series = explained.series
    AND documents.series_year = explained.series_year
    AND documents.serial = explained.serial
  UNION
  SELECT explained.item_id, documents.item_id, 'number', 2
  FROM explained
  JOIN documents
    ON documents.series_year = explained.title_year
    AND documents.serial = explained.title_serial
    AND explained.title_series LIKE '%' || documents.series
  UNION
  SELECT explained.item_id, documents.item_id, 'title', 4
  FROM topics_named
  JOIN documents_named ON documents_named.topic = topics_named.topic
  JOIN explained ON explained.item_id = topics_named.item_id
  JOIN documents ON documents.item_id = documents_named.item_id
  WHERE
    length(topics_named.topic) >= 6
    AND (
      documents.agency IS NOT DISTINCT FROM explained.agency OR documents.site = explained.site
    )
),

-- news of a document is no document: where one of several has a 文号, those with none are left out
weighed AS (
  SELECT
    links.*,
    documents.published_on,
    dense_rank() OVER (
      PARTITION BY links.item_id, links.link_kind, documents.document_number IS NULL
      ORDER BY coalesce(documents.document_number, links.document_id)
    ) AS nth,
    documents.document_number IS NULL AS is_weak,
    -- the 文号 listed with an interpretation may be one that its text cites, and what a revision
    -- changed may stand in the log in its older version alone
    (links.preference = 3 AND titled.item_id IS NULL AND explained.title LIKE '%《%')
    OR (explained.is_revised AND NOT says_revised(documents.title)) AS is_doubtful
  FROM links
  JOIN explained ON explained.item_id = links.item_id
  JOIN documents ON documents.item_id = links.document_id
  LEFT JOIN links AS titled
    ON titled.item_id = links.item_id
    AND titled.document_id = links.document_id AND titled.preference = 4
),

-- of several that fit, the last one published before the interpretation is meant
chosen AS (
  SELECT
    weighed.item_id,
    weighed.document_id,
    weighed.link_kind,
    weighed.is_doubtful,
    max(weighed.nth) OVER (
      PARTITION BY weighed.item_id, weighed.link_kind, weighed.is_weak
    ) AS candidates
  FROM weighed
  JOIN explained ON explained.item_id = weighed.item_id
  QUALIFY row_number() OVER (
    PARTITION BY weighed.item_id
    ORDER BY
      weighed.is_doubtful,
      weighed.preference,
      weighed.is_weak,
      coalesce(weighed.published_on <= explained.published_on, FALSE) DESC,
      abs(days_between(weighed.published_on, explained.published_on)) NULLS LAST,
      weighed.document_id
  ) = 1
),

agency_limits AS (
  SELECT agencies.agency, limits.value
  FROM (SELECT DISTINCT agency FROM explained) AS agencies
  JOIN limits
    ON limits.name = 'interpretation_workdays'
    AND (limits.region IS NULL OR agencies.agency LIKE '%' || limits.region || '%')
  QUALIFY row_number() OVER (
    PARTITION BY agencies.agency ORDER BY length(limits.region) DESC NULLS LAST
  ) = 1
)

SELECT
  items.item_id,
  chosen.document_id,
  items.agency,
  items.title,
  documents.title AS document_title,
  documents.document_number,
  chosen.link_kind,
  CASE
    WHEN chosen.candidates > 1 OR chosen.is_doubtful THEN 'possible'
    WHEN chosen.link_kind = 'title' THEN 'likely'
    WHEN chosen.link_kind IS NOT NULL THEN 'certain'
  END AS certainty,
  chosen.candidates,
  items.published_on,
  documents.published_on AS document_published_on,
  days_between(documents.published_on, items.published_on) AS lag_days,
  explained_on.workday_number - published.workday_number AS lag_workdays,
  agency_limits.value AS limit_workdays,
  CASE
    WHEN chosen.document_id IS NOT NULL THEN
      row_number() OVER (
        PARTITION BY chosen.document_id ORDER BY items.published_on NULLS LAST, items.item_id
      ) = 1
  END AS is_first,
  items.place,
  items.source
FROM explained AS items
LEFT JOIN chosen ON chosen.item_id = items.item_id
LEFT JOIN documents ON documents.item_id = chosen.document_id
LEFT JOIN agency_limits ON agency_limits.agency IS NOT DISTINCT FROM items.agency
LEFT JOIN workdays AS explained_on ON explained_on.day = items.published_on
LEFT JOIN workdays AS published ON published.day = documents.published_on
