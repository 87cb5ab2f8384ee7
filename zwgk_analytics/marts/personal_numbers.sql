-- grain: One row per personal number that stands unmasked in a title; the number is masked here.
-- label: 标题中的个人号码
-- key: [item_id, kind, position]
-- by_agency: [publications]
-- columns:
--   item_id: {label: 条目编号, text: the item in `publications`}
--   kind: {label: 号码种类, text: "id_card (18 digits, check digit of GB 11643 and a possible day of
--     birth), mobile (11 digits) or bank_card (16 to 19 digits, Luhn)"}
--   position: {label: 顺序, text: its turn among the numbers of that kind in the title}
--   masked: {label: 遮盖后的号码, text: first three and last two digits}
--   agency: {label: 机关, text: as in `publications`}
WITH titles AS (
  SELECT
    item_id,
    agency,
    -- a sign that parts two numbers is needed by both patterns
    ' ' || replace(replace(replace(replace(
      translate(title, '０１２３４５６７８９Ｘｘ－　，；', '0123456789Xx- ,;'),
      '、', '、、'), ',', ',,'), ';', ';;'), '/', '//') || ' ' AS title
  FROM publications
  WHERE
    NOT is_repeat
    AND regexp_matches(title, '[0-9０-９](?:[ 　－-]?[0-9０-９]){10}')
),

candidates AS (
  SELECT
    item_id,
    agency,
    'id_card' AS kind,
    unnest(regexp_extract_all(
      title,
      '[^0-9A-Za-z]([1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx])[^0-9A-Za-z]',
      1
    )) AS printed
  FROM titles
  UNION ALL
  SELECT
    item_id,
    agency,
    'mobile',
    unnest(regexp_extract_all(title, '[^0-9A-Za-z.-](1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})[^0-9-]', 1))
  FROM titles
  UNION ALL
  SELECT
    item_id,
    agency,
    'bank_card',
    unnest(regexp_extract_all(
      title,
      '[^0-9A-Za-z-]((?:6[0-9]{3}|4[0-9]{3}|5[1-5][0-9]{2}|35[2-8][0-9]|9558)(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)[^0-9A-Za-z-]',
      1
    ))
  FROM titles
),

numbered AS (
  SELECT
    item_id,
    agency,
    kind,
    row_number() OVER (PARTITION BY item_id, kind ORDER BY printed) AS position,
    upper(replace(replace(printed, ' ', ''), '-', '')) AS number
  FROM candidates
),

digits AS (
  SELECT item_id, agency, kind, position, number, unnest(generate_series(1, length(number))) AS nth
  FROM numbered
),

-- counted from the right: weight 2^n modulo 11 for an ID card, every second digit doubled for Luhn
weighed AS (
  SELECT
    item_id,
    agency,
    kind,
    position,
    number,
    sum(
      CASE substr(number, nth, 1) WHEN 'X' THEN 10 ELSE CAST(substr(number, nth, 1) AS INTEGER) END
      * (CAST(power(2, length(number) - nth) AS INTEGER) % 11)
    ) % 11 AS remainder,
    sum(
      CASE
        WHEN substr(number, nth, 1) = 'X' THEN NULL
        WHEN (length(number) - nth) % 2 = 0 THEN CAST(substr(number, nth, 1) AS INTEGER)
        WHEN CAST(substr(number, nth, 1) AS INTEGER) > 4
          THEN 2 * CAST(substr(number, nth, 1) AS INTEGER) - 9
        ELSE 2 * CAST(substr(number, nth, 1) AS INTEGER)
      END
    ) % 10 AS luhn
  FROM digits
  GROUP BY item_id, agency, kind, position, number
),

judged AS (
  SELECT
    *,
    CASE kind
      WHEN 'id_card' THEN
        remainder = 1
        AND TRY_CAST(
          substr(number, 7, 4) || '-' || substr(number, 11, 2) || '-' || substr(number, 13, 2)
          AS DATE
        ) IS NOT NULL
      WHEN 'bank_card' THEN luhn = 0
      ELSE TRUE
    END AS is_valid
  FROM weighed
)

-- a number that is an ID card's is no bank card's as well
SELECT
  item_id,
  kind,
  position,
  substr(number, 1, 3) || repeat('*', length(number) - 5) || substr(number, length(number) - 1, 2)
    AS masked,
  agency
FROM judged
WHERE
  is_valid
  AND NOT (
    kind = 'bank_card'
    AND EXISTS (
      SELECT 1
      FROM judged AS cards
      WHERE
        cards.item_id = judged.item_id AND cards.number = judged.number
        AND cards.kind = 'id_card' AND cards.is_valid
    )
  )
