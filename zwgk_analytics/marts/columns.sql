-- grain: One row per column (栏目) of a site, empty ones of a list of channels included.
-- label: 栏目更新
-- key: [agency, site, channel]
-- columns:
--   agency: {label: 机关, text: "whose log it is, else the one agency whose items the column holds"}
--   site: {label: 网站, text: host of the addresses; null where the log has none}
--   channel: {label: 栏目, text: as the log or the list of channels states}
--   channel_name: {label: 栏目名称, text: from a list of channels; else the channel as stated}
--   kind: {label: 栏目类别, text: "by the name, from column_limits.yml; null where no kind fits"}
--   items: {label: 条数, unit: 条, text: exact repeats left out}
--   last_update: {label: 最近更新, text: "newest 发布日期, else newest date inside an address; none of
--     days to come"}
--   log_ends_on: {label: 日志截止日, text: newest day of the whole log of the site}
--   days_since: {label: 距日志截止日天数, unit: 天, text: "log_ends_on − last_update: how long it stood
--     when the log was taken"}
--   days_since_today: {label: 距刷新日天数, unit: 天, text: day of the refresh − last_update}
--   limit_days: {label: 更新期限, unit: 天, text: of the kind}
--   is_stale: {label: 是否超期未更新, text: days_since is over the limit, caveat: null without limit or
--     without a date}
--   is_empty: {label: 是否空白栏目, text: the list of channels names it and no log has an item of it}
--   source: {label: 来源文件, text: the log that was last updated or the list of channels}
WITH counted AS (
  -- millions of items, few columns
  SELECT
    publications.agency,
    publications.site,
    publications.channel,
    publications.channel_name,
    publications.source,
    count(*) AS items,
    max(coalesce(publications.published_on, publications.url_on)) FILTER (
      WHERE coalesce(publications.published_on, publications.url_on) <= refreshed.refreshed_on
    ) AS updated_on
  FROM publications
  CROSS JOIN refreshed
  WHERE NOT publications.is_repeat
  GROUP BY
    publications.agency, publications.site, publications.channel, publications.channel_name,
    publications.source
),

dated AS (
  SELECT
    coalesce(logs.agency, counted.site, counted.agency) AS owner,
    logs.agency AS log_agency,
    counted.*,
    regexp_extract(counted.source, '^(.*/)?[^/]*$', 1) AS folder
  FROM counted
  LEFT JOIN documents AS logs
    ON logs.source = counted.source AND logs.kind = 'publication_log'
),

ends AS (
  SELECT owner, max(updated_on) AS log_ends_on
  FROM dated
  GROUP BY owner
),

used AS (
  SELECT
    owner,
    coalesce(
      min(log_agency), CASE WHEN count(DISTINCT agency) = 1 THEN min(agency) END
    ) AS agency,
    CASE WHEN count(DISTINCT site) = 1 THEN min(site) END AS site,
    channel,
    min(channel_name) AS channel_name,
    CAST(sum(items) AS BIGINT) AS items,
    max(updated_on) AS last_update,
    max(source) AS source
  FROM dated
  WHERE channel IS NOT NULL
  GROUP BY owner, channel
),

-- a list of channels belongs to the logs of its folder that use one of its codes
lists AS (
  SELECT channels.source, dated.owner, min(dated.log_agency) AS agency,
    CASE WHEN count(DISTINCT dated.site) = 1 THEN min(dated.site) END AS site
  FROM channels
  JOIN dated
    ON dated.channel = channels.channel
    AND dated.folder = regexp_extract(channels.source, '^(.*/)?[^/]*$', 1)
  GROUP BY channels.source, dated.owner
),

unused AS (
  SELECT
    lists.owner,
    min(lists.agency) AS agency,
    min(lists.site) AS site,
    channels.channel,
    coalesce(min(channels.name), channels.channel) AS channel_name,
    min(channels.source) AS source
  FROM lists
  JOIN channels ON channels.source = lists.source
  LEFT JOIN used ON used.owner = lists.owner AND used.channel = channels.channel
  WHERE used.channel IS NULL
  GROUP BY lists.owner, channels.channel
),

listed AS (
  SELECT owner, agency, site, channel, channel_name, items, last_update, FALSE AS is_empty, source
  FROM used
  UNION ALL
  SELECT owner, agency, site, channel, channel_name, 0, NULL, TRUE, source
  FROM unused
),

kinds AS (
  SELECT shown.channel_name, column_limits.kind, column_limits.days
  FROM (SELECT DISTINCT channel_name FROM listed) AS shown
  JOIN column_limits ON regexp_matches(shown.channel_name, column_limits.pattern)
  QUALIFY row_number() OVER (
    PARTITION BY shown.channel_name ORDER BY column_limits.position
  ) = 1
)

SELECT
  listed.agency,
  listed.site,
  listed.channel,
  listed.channel_name,
  kinds.kind,
  listed.items,
  listed.last_update,
  ends.log_ends_on,
  days_between(listed.last_update, ends.log_ends_on) AS days_since,
  days_between(listed.last_update, refreshed.refreshed_on) AS days_since_today,
  kinds.days AS limit_days,
  days_between(listed.last_update, ends.log_ends_on) > kinds.days AS is_stale,
  listed.is_empty,
  listed.source
FROM listed
CROSS JOIN refreshed
LEFT JOIN ends ON ends.owner IS NOT DISTINCT FROM listed.owner
LEFT JOIN kinds ON kinds.channel_name = listed.channel_name
