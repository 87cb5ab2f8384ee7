-- grain: One row per meeting; repeated topics left out.
-- label: 会议
-- key: [meeting_id]
-- columns:
--   meeting_id: {label: 会议编号, text: "made of host, name and day"}
--   host: {label: 召开机关, text: as printed or by the register's name}
--   meeting: {label: 会议名称, text: as printed}
--   meeting_kind: {label: 会议类型, text: "executive, office, briefing, plenary, bureau, party, special or
--     other"}
--   held_on: {label: 会议日期, text: as printed}
--   topics: {label: 议题数, unit: 个, text: topics that ledgers list of it}
--   limit_topics: {label: 议题数上限, unit: 个, text: meeting_topics of limits.yml, caveat: null of a 碰头会}
--   is_joined: {label: 是否连开, text: "a ledger says that it was held together with another, or another
--     says so of it"}
--   joined_topics: {label: 连开会议总议题数, unit: 个, text: "of it and those held together with it", caveat:
--     null where the other is in no ledger}
--   limit_joined: {label: 连开总议题数上限, unit: 个, text: meeting_joined_topics of limits.yml}
--   topics_kept: {label: 议题数是否符合, text: "neither limit is passed", caveat: "null where the meeting held
--     together with it is in no ledger, or its ledger has topics without a meeting"}
--   minutes_drafted_on: {label: 纪要起草日期, text: as printed}
--   minutes_workdays: {label: 纪要起草用时, unit: 工作日, text: meeting → draft}
--   limit_minutes: {label: 纪要期限, unit: 工作日, text: meeting_minutes_workdays of limits.yml}
--   minutes_kept: {label: 纪要是否按期, text: as in meetings}
--   published: {label: 已公开议题数, unit: 个, text: "topics that were made public", caveat: null where
--     nothing is said of any}
--   unpublished: {label: 未公开议题数, unit: 个, text: "topics that were not, with a reason or without",
--     caveat: null where nothing is said of any}
--   withheld: {label: 说明理由未公开议题数, unit: 个, text: "of those, the ones with a reason"}
--   place: {label: 位置, text: the row of its first topic}
--   source: {label: 来源文件, text: "paths under the raw folder, comma-separated"}
WITH listed AS (
  SELECT
    meetings.*,
    title_key(meetings.meeting) AS meeting_key,
    CASE WHEN words.word IS NULL THEN nullif(title_key(meetings.follows), '') END
      AS follows_key,
    CASE
      WHEN meetings.is_joined IS NOT NULL THEN meetings.is_joined
      WHEN words.says IS NOT NULL THEN words.says = 'public'
      WHEN meetings.follows IS NOT NULL THEN TRUE
    END AS says_joined,
    concat_ws('|', host, meeting, agency) AS scope
  FROM meetings
  LEFT JOIN element_words AS words ON words.word = meetings.follows
  WHERE NOT is_repeat AND meeting_id IS NOT NULL
),

counted AS (
  SELECT
    meeting_id,
    min(host) AS host,
    min(meeting) AS meeting,
    min(meeting_key) AS meeting_key,
    min(meeting_kind) AS meeting_kind,
    min(held_on) AS held_on,
    min(follows_key) AS follows_key,
    max(says_joined) AS says_joined,
    count(topic) AS topics,
    min(concat_ws('|', host, meeting)) AS scope,
    min(minutes_drafted_on) AS minutes_drafted_on,
    min(minutes_workdays) AS minutes_workdays,
    min(limit_minutes) AS limit_minutes,
    max(minutes_kept) AS minutes_kept,
    max(stray.source IS NOT NULL) AS may_have_more,
    count(is_published) AS told,
    count(*) FILTER (WHERE is_published) AS published,
    count(*) FILTER (WHERE NOT is_published) AS unpublished,
    count(*) FILTER (WHERE NOT is_published AND published_kept IS NULL) AS withheld,
    string_agg(DISTINCT listed.source, ', ' ORDER BY listed.source) AS source
  FROM listed
  LEFT JOIN (SELECT DISTINCT source FROM meetings WHERE meeting_id IS NULL) AS stray
    ON stray.source = listed.source
  GROUP BY meeting_id
),

firsts AS (
  SELECT meeting_id, place
  FROM listed
  QUALIFY row_number() OVER (PARTITION BY meeting_id ORDER BY source, length(place), place) = 1
),

chosen AS (
  SELECT scopes.scope, limits.name, limits.value
  FROM (SELECT DISTINCT scope FROM counted) AS scopes
  JOIN limits
    ON limits.name IN ('meeting_topics', 'meeting_joined_topics')
    AND (limits.region IS NULL OR scopes.scope LIKE '%' || limits.region || '%')
  QUALIFY row_number() OVER (
    PARTITION BY scopes.scope, limits.name ORDER BY length(limits.region) DESC NULLS LAST
  ) = 1
),

allowed AS (
  SELECT
    scope,
    max(CASE WHEN name = 'meeting_topics' THEN value END) AS topics,
    max(CASE WHEN name = 'meeting_joined_topics' THEN value END) AS joined_topics
  FROM chosen
  GROUP BY scope
),

joined AS (
  SELECT one.meeting_id, CAST(sum(other.topics) AS BIGINT) AS topics
  FROM counted AS one
  JOIN counted AS other
    ON other.meeting_id <> one.meeting_id
    AND other.held_on = one.held_on
    AND other.host IS NOT DISTINCT FROM one.host
    AND (
      other.meeting_key LIKE '%' || one.follows_key || '%'
      OR one.meeting_key LIKE '%' || other.follows_key || '%'
      OR (one.follows_key IS NULL AND one.says_joined AND coalesce(other.says_joined, TRUE))
      OR (other.follows_key IS NULL AND other.says_joined AND coalesce(one.says_joined, TRUE))
    )
  GROUP BY one.meeting_id
)

SELECT
  counted.meeting_id,
  counted.host,
  counted.meeting,
  counted.meeting_kind,
  counted.held_on,
  counted.topics,
  allowed.topics AS limit_topics,
  CASE WHEN joined.topics IS NOT NULL THEN TRUE ELSE counted.says_joined END AS is_joined,
  counted.topics + joined.topics AS joined_topics,
  allowed.joined_topics AS limit_joined,
  CASE
    WHEN counted.topics > allowed.topics THEN FALSE
    WHEN joined.topics IS NOT NULL AND counted.topics + joined.topics > allowed.joined_topics
      THEN FALSE
    WHEN coalesce(counted.says_joined, FALSE) AND joined.topics IS NULL
      THEN CASE WHEN counted.topics >= allowed.joined_topics THEN FALSE END
    WHEN NOT counted.may_have_more THEN counted.topics <= allowed.topics
  END AS topics_kept,
  counted.minutes_drafted_on,
  counted.minutes_workdays,
  counted.limit_minutes,
  counted.minutes_kept,
  CASE WHEN counted.told > 0 THEN counted.published END AS published,
  CASE WHEN counted.told > 0 THEN counted.unpublished END AS unpublished,
  counted.withheld,
  firsts.place,
  counted.source
FROM counted
JOIN firsts ON firsts.meeting_id = counted.meeting_id
LEFT JOIN allowed
  ON allowed.scope = counted.scope AND coalesce(counted.meeting_kind <> 'briefing', TRUE)
LEFT JOIN joined ON joined.meeting_id = counted.meeting_id
