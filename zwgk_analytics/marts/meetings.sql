-- grain: One row per topic (议题) of a meeting as a ledger lists it, with what was kept and published.
-- label: 会议议题
-- key: [source, place]
-- columns:
--   meeting_id: {label: 会议编号, text: "one meeting of `meeting_sessions`; null where the ledger names
--     neither the meeting nor its day"}
--   host: {label: 召开机关, text: as printed or by the register's name}
--   meeting: {label: 会议名称, text: as printed}
--   meeting_kind: {label: 会议类型, text: "executive 常务会议, office 办公会议, briefing 碰头会, plenary, bureau,
--     party, special or other"}
--   held_on: {label: 会议日期, text: "as printed, else as another row prints it for the same meeting"}
--   follows: {label: 连开会议, text: as printed}
--   is_joined: {label: 是否连开, text: as printed}
--   topic: {label: 议题, text: as printed}
--   agency: {label: 提交单位, text: "by the register's name, else as printed"}
--   submitted_on: {label: 提交日期, text: as printed}
--   submitted_time: {label: 提交时刻, text: as printed behind the date}
--   submit_by: {label: 提交期限, text: "the last day: meeting_submission_weekday of limits.yml, so many
--     weeks before that of the meeting"}
--   submit_by_time: {label: 提交期限时刻, text: meeting_submission_time of limits.yml}
--   submission_kept: {label: 是否按时提交, text: submitted before that, caveat: "null on the last day itself
--     where no time is printed; of a 碰头会 nothing is asked"}
--   report_characters: {label: 汇报材料字数, unit: 字, text: as printed}
--   limit_characters: {label: 字数上限, unit: 字, text: meeting_report_characters of limits.yml}
--   report_length_kept: {label: 字数是否符合, text: at most that many}
--   consultation_kept: {label: 是否会前协商, text: as printed}
--   is_normative: {label: 是否规范性文件草案, text: as printed}
--   legal_review_kept: {label: 是否合法性审核, text: "of the draft of a normative document, as printed"}
--   minutes_drafted_on: {label: 纪要起草日期, text: of the meeting}
--   minutes_issued_on: {label: 纪要印发日期, text: of the meeting}
--   minutes_workdays: {label: 纪要起草用时, unit: 工作日, text: "meeting → draft, 调休 counted", caveat: null
--     outside of the years of the holiday calendar}
--   limit_minutes: {label: 纪要期限, unit: 工作日, text: meeting_minutes_workdays of limits.yml}
--   minutes_kept: {label: 纪要是否按期, text: "drafted within that; not, where the ledger goes on past the
--     limit without a draft", caveat: "null where the ledger records no drafts, unless the minutes
--     were issued within the limit"}
--   followed_up_on: {label: 首次督办日期, text: as printed}
--   follow_up_days: {label: 首次督办间隔, unit: 天, text: meeting → first follow-up}
--   limit_follow_up: {label: 督办期限, unit: 天, text: meeting_follow_up_days of limits.yml}
--   follow_up_kept: {label: 是否按期督办, text: "followed up within that; not, where the ledger goes on past
--     the limit without one", caveat: null where the ledger records none}
--   minutes_published_on: {label: 会议公开日期, text: as printed}
--   is_published: {label: 是否公开, text: "as printed; true where a day of publication is"}
--   withheld_because: {label: 不公开理由, text: as printed}
--   published_kept: {label: 是否按规定公开, text: "made public; not, where it was not and no reason is
--     stated", caveat: null where a reason is stated or nothing is said}
--   is_major: {label: 是否重大行政决策, text: as printed}
--   comment_from: {label: 征求意见开始日期, text: as printed}
--   comment_to: {label: 征求意见截止日期, text: as printed}
--   comment_days: {label: 征求意见天数, unit: 天, text: "both days counted"}
--   limit_comment: {label: 征求意见期限, unit: 天, text: comment_days of limits.yml}
--   comments_kept: {label: 征求意见是否满期, text: at least that many, caveat: null unless the ledger says
--     that it is a major decision}
--   feedback_on: {label: 意见反馈公布日期, text: as printed}
--   feedback_days: {label: 意见反馈间隔, unit: 天, text: end of the comments → feedback}
--   limit_feedback: {label: 意见反馈期限, unit: 天, text: comment_feedback_days of limits.yml}
--   feedback_kept: {label: 是否按期反馈意见, text: "published within that; not, where the ledger goes on past
--     the limit without it", caveat: null where the ledger records none}
--   ledger_ends_on: {label: 台账截止日, text: "the newest day that the ledger prints of anything done"}
--   is_repeat: {label: 是否重复, text: "another row has the same meeting and topic, and says more"}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH named AS (
  SELECT
    printed.* EXCLUDE (agency, host, held_on),
    coalesce(hosts.agency, printed.host) AS host,
    coalesce(names.agency, printed.agency) AS agency,
    nullif(title_key(printed.meeting), '') AS meeting_key,
    nullif(title_key(printed.topic), '') AS topic_key,
    printed.held_on AS printed_on
  FROM meetings_read AS printed
  LEFT JOIN agency_names AS names ON names.printed = printed.agency
  LEFT JOIN agency_names AS hosts ON hosts.printed = printed.host
),

dated AS (
  SELECT
    *,
    CASE
      WHEN printed_on IS NOT NULL OR meeting_key IS NULL THEN printed_on
      WHEN
        min(printed_on) OVER (PARTITION BY source, host, meeting_key)
        = max(printed_on) OVER (PARTITION BY source, host, meeting_key)
        THEN max(printed_on) OVER (PARTITION BY source, host, meeting_key)
    END AS held_on
  FROM named
),

ledgers AS (
  SELECT
    source,
    max(
      least(
        greatest(
          held_on, submitted_on, minutes_drafted_on, minutes_issued_on, minutes_published_on,
          followed_up_on, comment_from, feedback_on
        ),
        refreshed.refreshed_on
      )
    ) FILTER (
      WHERE
        coalesce(
          held_on, submitted_on, minutes_drafted_on, minutes_issued_on, minutes_published_on,
          followed_up_on, comment_from, feedback_on
        ) IS NOT NULL
    ) AS ends_on,
    count(minutes_drafted_on) > 0 AS has_drafts,
    count(followed_up_on) > 0 AS has_follow_ups,
    count(feedback_on) > 0 AS has_feedback
  FROM dated
  CROSS JOIN refreshed
  GROUP BY source
),

-- minutes are of the meeting, and may be printed beside one of its topics alone
identified AS (
  SELECT
    dated.* EXCLUDE (minutes_drafted_on, minutes_issued_on),
    CASE
      WHEN held_on IS NOT NULL OR meeting_key IS NOT NULL
        THEN substr(md5(concat_ws('|', host, meeting_key, CAST(held_on AS VARCHAR))), 1, 16)
    END AS meeting_id,
    concat_ws('|', host, meeting, agency) AS scope,
    min(minutes_drafted_on)
      OVER (PARTITION BY source, host, meeting_key, held_on) AS minutes_drafted_on,
    min(minutes_issued_on)
      OVER (PARTITION BY source, host, meeting_key, held_on) AS minutes_issued_on
  FROM dated
),

chosen AS (
  SELECT scopes.scope, limits.name, limits.value
  FROM (SELECT DISTINCT scope FROM identified) AS scopes
  JOIN limits ON limits.region IS NULL OR scopes.scope LIKE '%' || limits.region || '%'
  QUALIFY row_number() OVER (
    PARTITION BY scopes.scope, limits.name ORDER BY length(limits.region) DESC NULLS LAST
  ) = 1
),

allowed AS (
  SELECT
    scope,
    max(CASE WHEN name = 'meeting_submission_weekday' THEN value END) AS weekday,
    max(CASE WHEN name = 'meeting_submission_weeks' THEN value END) AS weeks,
    max(CASE WHEN name = 'meeting_submission_time' THEN value END) AS clock,
    max(CASE WHEN name = 'meeting_report_characters' THEN value END) AS characters,
    max(CASE WHEN name = 'meeting_minutes_workdays' THEN value END) AS minutes,
    max(CASE WHEN name = 'meeting_follow_up_days' THEN value END) AS follow_up,
    max(CASE WHEN name = 'comment_days' THEN value END) AS comments,
    max(CASE WHEN name = 'comment_feedback_days' THEN value END) AS feedback
  FROM chosen
  GROUP BY scope
),

measured AS (
  SELECT
    identified.*,
    ledgers.ends_on,
    ledgers.has_drafts,
    ledgers.has_follow_ups,
    ledgers.has_feedback,
    -- 1900-01-01 was a Monday
    days_after(
      held_on,
      allowed.weekday - 1 - days_between(DATE '1900-01-01', held_on) % 7 - 7 * allowed.weeks
    ) AS submit_by,
    allowed.clock,
    allowed.characters,
    allowed.minutes,
    allowed.follow_up,
    allowed.comments,
    allowed.feedback,
    CASE
      WHEN minutes_drafted_on >= held_on THEN drafted.workday_number - held.workday_number
    END AS drafted_after,
    CASE
      WHEN minutes_issued_on >= held_on THEN issued.workday_number - held.workday_number
    END AS issued_after,
    ended.workday_number - held.workday_number AS workdays_seen,
    CASE WHEN followed_up_on >= held_on THEN days_between(held_on, followed_up_on) END
      AS follow_up_days,
    CASE WHEN comment_to >= comment_from THEN days_between(comment_from, comment_to) + 1 END
      AS comment_days,
    CASE WHEN feedback_on >= comment_to THEN days_between(comment_to, feedback_on) END
      AS feedback_days,
    minutes_published_on IS NOT NULL OR is_published AS is_public
  FROM identified
  JOIN ledgers ON ledgers.source = identified.source
  LEFT JOIN allowed
    ON allowed.scope = identified.scope AND coalesce(meeting_kind <> 'briefing', TRUE)
  LEFT JOIN workdays AS held ON held.day = identified.held_on
  LEFT JOIN workdays AS drafted ON drafted.day = identified.minutes_drafted_on
  LEFT JOIN workdays AS issued ON issued.day = identified.minutes_issued_on
  LEFT JOIN workdays AS ended ON ended.day = ledgers.ends_on
)

SELECT
  meeting_id,
  host,
  meeting,
  meeting_kind,
  held_on,
  follows,
  is_joined,
  topic,
  agency,
  submitted_on,
  submitted_time,
  submit_by,
  substr(lpad(CAST(clock AS VARCHAR), 4, '0'), 1, 2) || ':'
    || substr(lpad(CAST(clock AS VARCHAR), 4, '0'), 3, 2) AS submit_by_time,
  CASE
    WHEN submitted_on < submit_by THEN TRUE
    WHEN submitted_on > submit_by THEN FALSE
    WHEN submitted_on = submit_by THEN CAST(replace(submitted_time, ':', '') AS BIGINT) <= clock
  END AS submission_kept,
  report_characters,
  characters AS limit_characters,
  report_characters <= characters AS report_length_kept,
  consulted AS consultation_kept,
  is_normative,
  CASE WHEN is_normative THEN legal_review END AS legal_review_kept,
  minutes_drafted_on,
  minutes_issued_on,
  drafted_after AS minutes_workdays,
  minutes AS limit_minutes,
  CASE
    WHEN minutes_drafted_on IS NOT NULL THEN drafted_after <= minutes
    WHEN minutes_issued_on IS NOT NULL AND issued_after <= minutes THEN TRUE
    WHEN minutes_issued_on IS NULL AND has_drafts AND workdays_seen > minutes THEN FALSE
  END AS minutes_kept,
  followed_up_on,
  follow_up_days,
  follow_up AS limit_follow_up,
  CASE
    WHEN followed_up_on IS NOT NULL THEN follow_up_days <= follow_up
    WHEN has_follow_ups AND days_between(held_on, ends_on) > follow_up THEN FALSE
  END AS follow_up_kept,
  minutes_published_on,
  is_public AS is_published,
  withheld_because,
  CASE
    WHEN is_public THEN TRUE
    WHEN NOT is_public AND coalesce(withheld_because, '无') = '无' THEN FALSE
  END AS published_kept,
  is_major,
  comment_from,
  comment_to,
  comment_days,
  comments AS limit_comment,
  CASE WHEN is_major THEN comment_days >= comments END AS comments_kept,
  feedback_on,
  feedback_days,
  feedback AS limit_feedback,
  CASE
    WHEN feedback_on IS NOT NULL THEN feedback_days <= feedback
    WHEN has_feedback AND days_between(comment_to, ends_on) > feedback THEN FALSE
  END AS feedback_kept,
  ends_on AS ledger_ends_on,
  meeting_id IS NOT NULL AND topic_key IS NOT NULL AND row_number() OVER (
    PARTITION BY meeting_id, topic_key
    ORDER BY
      length(
        concat_ws(
          '', agency, submitted_on, report_characters, legal_review, consulted, comment_from,
          comment_to, feedback_on, followed_up_on, minutes_published_on, is_published
        )
      ) DESC,
      source DESC,
      length(place),
      place
  ) > 1 AS is_repeat,
  place,
  source
FROM measured
