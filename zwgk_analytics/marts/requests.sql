-- grain: One row per request for information in a ledger (依申请公开台账) and file that lists it.
-- label: 依申请公开台账
-- key: [request_id]
-- columns:
--   request_id: {label: 申请记录编号, text: of file and row}
--   agency: {label: 机关, text: "who was asked, by the register's name, else as printed"}
--   agency_printed: {label: 原文名称, text: as printed}
--   year: {label: 年度, text: of the day of receipt, caveat: "of the earliest it can be, where that day
--     is not known"}
--   request_no: {label: 受理编号, text: "as printed, words that may be a name left out"}
--   applicant: {label: 申请人化名, text: keyed hash of the name, caveat: "namesakes are one; null where
--     the ledger masks the name"}
--   applicant_kind: {label: 申请人类别, text: "a column of table 3, or organisation where the ledger does
--     not say of which kind"}
--   channel: {label: 申请方式, text: "in_person, post, ordinary_mail (平常信函), online or fax"}
--   submitted_on: {label: 提交日期, text: as printed}
--   received_on: {label: 收到日期, text: "by 条例第三十一条: handed in, signed for or confirmed, as the
--     channel has it; else as the ledger states it", caveat: null where none of these is known}
--   received_rule: {label: 收到日期依据, text: "submitted (当面提交之日), signed (签收之日), confirmed
--     (双方确认之日), stated (the ledger's own day of receipt)"}
--   correction_asked_on: {label: 补正告知日期, text: as printed}
--   correction_workdays: {label: 补正告知用时, unit: 工作日, text: "from receipt to asking for correction",
--     caveat: null where the day of receipt is not known or outside of the holiday calendar}
--   correction_limit: {label: 补正告知时限, unit: 工作日, text: request_correction_workdays of limits.yml}
--   corrected_on: {label: 收到补正日期, text: "as printed; the term runs anew from it (条例第三十条)"}
--   consulted_from: {label: 征求意见发出日期, text: as printed}
--   consulted_to: {label: 收到意见日期, text: as printed}
--   extended_on: {label: 延期告知日期, text: as printed}
--   is_extended: {label: 是否延期, text: "the extension was told before the first deadline", caveat: null
--     where a day that it needs is not known}
--   excluded_workdays: {label: 不计入期限的工作日, unit: 工作日, text: "of asking a third party or another
--     agency (条例第三十三条第三款)", caveat: null where they cannot be told}
--   excluded_why: {label: 不计入期限的原因, text: in words}
--   term_from: {label: 期限起算日, text: "receipt, else of the corrected request", caveat: "the day of
--     submission, the earliest that it can be, where is_term_certain is false"}
--   deadline_on: {label: 答复期限, text: "last day to reply: request_workdays of limits.yml (20) from
--     the day after term_from, request_extension_workdays (20) more where extended, excluded days
--     more", caveat: "the earliest it can be where is_term_certain is false; null outside of the
--     holiday calendar, before 15 May 2019, and while a correction is awaited"}
--   is_term_certain: {label: 期限是否确定, text: every day that the deadline needs is known}
--   replied_on: {label: 答复日期, text: as printed}
--   workdays_used: {label: 已用工作日, unit: 工作日, text: "from term_from to the reply, to the day of the
--     refresh while it runs; excluded days left out, a reply on a day off counted as on the next
--     working day", caveat: "at most so many where is_term_certain
--     is false; null where excluded days cannot be told"}
--   is_running: {label: 是否在办, text: neither reply nor outcome is in the ledger}
--   waits_for: {label: 等待事项, text: "of a running one: correction or opinion; null where the term runs"}
--   is_on_time: {label: 是否按期答复, text: of those replied to, caveat: null where it cannot be told}
--   is_overdue: {label: 是否逾期未答复, text: of the running ones at the refresh, caveat: null where it
--     cannot be told}
--   workdays_left: {label: 剩余工作日, unit: 工作日, text: "of a running one at the refresh: to deadline_on;
--     negative when it has passed"}
--   outcome: {label: 答复结果, text: "a row of table 3, or its group (denied, unable, not_processed,
--     other) where the ledger says no more"}
--   outcome_group: {label: 结果类别, text: "granted, partially_granted, denied, unable, not_processed or
--     other"}
--   reconsideration: {label: 行政复议结果, text: "upheld, corrected, other, pending; none where the ledger
--     says that there was none"}
--   reconsideration_filed_on: {label: 复议申请日期, text: as printed}
--   reconsideration_decided_on: {label: 复议决定日期, text: as printed}
--   litigation: {label: 行政诉讼结果, text: as reconsideration}
--   litigation_filed_on: {label: 起诉日期, text: as printed}
--   litigation_decided_on: {label: 判决日期, text: as printed}
--   fee: {label: 信息处理费, unit: 元, text: as printed}
--   disorder: {label: 日期顺序问题, text: "dates that cannot stand in their order, in words"}
--   is_repeat: {label: 是否重复登记, text: "the same request (agency, number, day, applicant) stands in
--     another row that tells more or in a later file"}
--   place: {label: 位置, text: the row in the source}
--   source: {label: 来源文件, text: path under the raw folder}
WITH days AS (
  -- by_number: of the first working day that is not before the day
  SELECT
    day,
    workday_number,
    coalesce(lag(workday_number) OVER (ORDER BY day) + 1, workday_number) AS by_number
  FROM workdays
),

numbered AS (
  SELECT workday_number, min(day) AS day
  FROM workdays
  GROUP BY workday_number
),

named AS (
  SELECT
    ledger.*,
    coalesce(names.agency, ledger.agency) AS unit,
    refreshed.refreshed_on AS today,
    CASE ledger.channel
      WHEN 'in_person' THEN ledger.submitted_on
      WHEN 'post' THEN coalesce(ledger.signed_on, ledger.confirmed_on)
      WHEN 'ordinary_mail' THEN ledger.confirmed_on
      WHEN 'online' THEN ledger.confirmed_on
      WHEN 'fax' THEN ledger.confirmed_on
    END AS by_law_on,
    CASE
      WHEN ledger.channel = 'in_person' THEN 'submitted'
      WHEN ledger.channel = 'post' AND ledger.signed_on IS NOT NULL THEN 'signed'
      ELSE 'confirmed'
    END AS law,
    ledger.replied_on IS NULL AND coalesce(ledger.outcome, 'running') = 'running' AS is_running
  FROM requests_read AS ledger
  LEFT JOIN agency_names AS names ON names.printed = ledger.agency
  CROSS JOIN refreshed
),

received AS (
  SELECT
    *,
    coalesce(by_law_on, received_on) AS certain_on,
    coalesce(by_law_on, received_on, submitted_on, signed_on, confirmed_on) AS earliest_on,
    CASE
      WHEN by_law_on IS NOT NULL THEN law
      WHEN received_on IS NOT NULL THEN 'stated'
    END AS received_rule
  FROM named
),

agency_limits AS (
  SELECT
    agency,
    max(value) FILTER (WHERE name = 'request_workdays') AS term,
    max(value) FILTER (WHERE name = 'request_extension_workdays') AS extension,
    max(value) FILTER (WHERE name = 'request_correction_workdays') AS correction
  FROM (
    SELECT agencies.unit AS agency, limits.name, limits.value
    FROM (SELECT DISTINCT unit FROM received) AS agencies
    JOIN limits
      ON limits.name IN (
        'request_workdays', 'request_extension_workdays', 'request_correction_workdays'
      )
      AND (limits.region IS NULL OR agencies.unit LIKE '%' || limits.region || '%')
    QUALIFY row_number() OVER (
      PARTITION BY agencies.unit, limits.name ORDER BY length(limits.region) DESC NULLS LAST
    ) = 1
  ) AS chosen
  GROUP BY agency
),

started AS (
  SELECT
    *,
    CASE
      WHEN NOT (is_running AND correction_asked_on IS NOT NULL AND corrected_on IS NULL)
        THEN coalesce(corrected_on, earliest_on)
    END AS term_from,
    corrected_on IS NOT NULL OR (correction_asked_on IS NULL AND certain_on IS NOT NULL)
      AS is_start_known
  FROM received
),

counted AS (
  SELECT
    started.*,
    agency_limits.term,
    agency_limits.extension,
    agency_limits.correction,
    CASE WHEN started.term_from >= DATE '2019-05-15' THEN begun.workday_number END AS start_number,
    asked.workday_number AS asked_number,
    told.workday_number AS told_number,
    extended.by_number AS extended_by,
    replied.by_number AS replied_by,
    now.by_number AS today_by,
    coalesce(replied.workday_number, CASE WHEN started.is_running THEN now.workday_number END)
      AS end_number,
    now.workday_number AS today_number,
    correct.workday_number - receipt.workday_number AS correction_workdays
  FROM started
  LEFT JOIN agency_limits ON agency_limits.agency IS NOT DISTINCT FROM started.unit
  LEFT JOIN days AS begun ON begun.day = started.term_from
  LEFT JOIN days AS asked ON asked.day = started.consulted_from
  LEFT JOIN days AS told ON told.day = started.consulted_to
  LEFT JOIN days AS extended ON extended.day = started.extended_on
  LEFT JOIN days AS replied ON replied.day = started.replied_on
  LEFT JOIN days AS now ON now.day = started.today
  LEFT JOIN days AS correct ON correct.day = started.correction_asked_on
  LEFT JOIN days AS receipt ON receipt.day = started.certain_on
),

consulted AS (
  SELECT
    *,
    CASE
      WHEN consulted_to IS NULL AND consulted_from IS NOT NULL THEN end_number
      ELSE told_number
    END
    - CASE
      WHEN consulted_from IS NULL OR asked_number < start_number THEN start_number
      ELSE asked_number
    END AS consulted_workdays,
    consulted_from IS NOT NULL AND (consulted_to IS NOT NULL OR is_running) AS is_known_span
  FROM counted
),

-- of what the ledger leaves open, the least and the most that it can be
excluded AS (
  SELECT
    *,
    CASE WHEN is_known_span AND consulted_workdays > 0 THEN consulted_workdays ELSE 0 END
      AS least_excluded,
    CASE
      WHEN consulted_from IS NULL AND consulted_to IS NULL THEN 0
      WHEN consulted_workdays < 0 THEN 0
      ELSE consulted_workdays
    END AS most_excluded
  FROM consulted
),

first_terms AS (
  SELECT
    *,
    start_number + term + least_excluded AS first_number,
    CASE WHEN is_start_known THEN start_number + term + most_excluded END AS last_first_number
  FROM excluded
),

terms AS (
  SELECT
    *,
    CASE WHEN extended_by <= first_number THEN first_number + extension ELSE first_number END
      AS deadline_number,
    CASE
      WHEN last_first_number IS NULL THEN NULL
      WHEN extended_on IS NULL AND coalesce(is_extended, FALSE) THEN last_first_number + extension
      WHEN extended_by <= last_first_number THEN last_first_number + extension
      WHEN extended_on IS NOT NULL AND extended_by IS NULL THEN NULL
      ELSE last_first_number
    END AS latest_number,
    nullif(
      concat_ws(
        '；',
        CASE WHEN submitted_on > today OR received_on > today OR replied_on > today
          THEN '日期晚于数据刷新日' END,
        CASE WHEN received_on < submitted_on THEN '收到早于提交' END,
        CASE WHEN signed_on < submitted_on THEN '签收早于提交' END,
        CASE WHEN confirmed_on < submitted_on THEN '双方确认早于提交' END,
        CASE WHEN correction_asked_on < earliest_on THEN '补正告知早于收到' END,
        CASE WHEN corrected_on < coalesce(correction_asked_on, earliest_on)
          THEN '收到补正早于补正告知' END,
        CASE WHEN consulted_from < earliest_on THEN '征求意见早于收到' END,
        CASE WHEN consulted_to < consulted_from THEN '收到意见早于征求意见' END,
        CASE WHEN extended_on < earliest_on THEN '延期告知早于收到' END,
        CASE WHEN replied_on < earliest_on THEN '答复早于收到' END,
        CASE WHEN replied_on < corrected_on THEN '答复早于收到补正' END,
        CASE WHEN replied_on < extended_on THEN '答复早于延期告知' END,
        CASE WHEN reconsideration_decided_on < reconsideration_filed_on
          THEN '复议决定早于复议申请' END,
        CASE WHEN litigation_decided_on < litigation_filed_on THEN '判决早于起诉' END
      ),
      ''
    ) AS disorder
  FROM first_terms
),

listed AS (
  SELECT
    *,
    -- a row without a number is the same as another only where nothing tells them apart
    CASE
      WHEN request_no IS NULL
        THEN concat_ws(
          '|', channel, applicant_kind, outcome, CAST(replied_on AS VARCHAR),
          CAST(
            row_number() OVER (
              PARTITION BY source, unit, request_no, earliest_on, applicant, channel,
                applicant_kind, outcome, replied_on
              ORDER BY place
            ) AS VARCHAR
          )
        )
      ELSE ''
    END AS told
  FROM terms
)

SELECT
  substr(md5(concat_ws('|', listed.source, listed.place)), 1, 16) AS request_id,
  listed.unit AS agency,
  listed.agency AS agency_printed,
  CAST(year(listed.earliest_on) AS INTEGER) AS year,
  listed.request_no,
  listed.applicant,
  listed.applicant_kind,
  listed.channel,
  listed.submitted_on,
  listed.certain_on AS received_on,
  listed.received_rule,
  listed.correction_asked_on,
  listed.correction_workdays,
  listed.correction AS correction_limit,
  listed.corrected_on,
  listed.consulted_from,
  listed.consulted_to,
  listed.extended_on,
  CASE
    WHEN listed.extended_on IS NULL AND coalesce(listed.is_extended, FALSE) THEN NULL
    WHEN listed.extended_on IS NULL THEN FALSE
    WHEN listed.extended_by <= listed.first_number THEN TRUE
    WHEN listed.extended_by > listed.last_first_number THEN FALSE
  END AS is_extended,
  CASE WHEN listed.least_excluded = listed.most_excluded THEN listed.least_excluded END
    AS excluded_workdays,
  CASE
    WHEN listed.consulted_from IS NOT NULL OR listed.consulted_to IS NOT NULL
      THEN '征求第三方或其他机关意见'
  END AS excluded_why,
  listed.term_from,
  numbered.day AS deadline_on,
  coalesce(listed.deadline_number = listed.latest_number, FALSE) AS is_term_certain,
  listed.replied_on,
  CASE
    WHEN listed.disorder IS NULL AND listed.least_excluded = listed.most_excluded
      THEN
        coalesce(listed.replied_by, listed.end_number) - listed.start_number
        - listed.least_excluded
  END AS workdays_used,
  listed.is_running,
  CASE
    WHEN listed.is_running AND listed.correction_asked_on IS NOT NULL
      AND listed.corrected_on IS NULL THEN 'correction'
    WHEN listed.is_running AND listed.consulted_from IS NOT NULL
      AND listed.consulted_to IS NULL THEN 'opinion'
  END AS waits_for,
  CASE
    WHEN listed.replied_on IS NULL OR listed.disorder IS NOT NULL THEN NULL
    WHEN listed.replied_by <= listed.deadline_number THEN TRUE
    WHEN listed.replied_by > listed.latest_number THEN FALSE
  END AS is_on_time,
  CASE
    WHEN NOT listed.is_running OR listed.disorder IS NOT NULL THEN NULL
    WHEN listed.correction_asked_on IS NOT NULL AND listed.corrected_on IS NULL THEN FALSE
    WHEN listed.today_by <= listed.deadline_number THEN FALSE
    WHEN listed.today_by > listed.latest_number THEN TRUE
  END AS is_overdue,
  CASE WHEN listed.is_running THEN listed.deadline_number - listed.today_number END
    AS workdays_left,
  CASE WHEN listed.outcome <> 'running' THEN listed.outcome END AS outcome,
  CASE WHEN listed.outcome <> 'running' THEN split_part(listed.outcome, '.', 1) END
    AS outcome_group,
  listed.reconsideration,
  listed.reconsideration_filed_on,
  listed.reconsideration_decided_on,
  listed.litigation,
  listed.litigation_filed_on,
  listed.litigation_decided_on,
  listed.fee,
  listed.disorder,
  row_number() OVER (
    PARTITION BY listed.unit, listed.request_no, listed.earliest_on, listed.applicant, listed.told
    ORDER BY listed.is_running, listed.replied_on DESC NULLS LAST, listed.source DESC, listed.place
  ) > 1 AS is_repeat,
  listed.place,
  listed.source
FROM listed
LEFT JOIN numbered ON numbered.workday_number = listed.deadline_number
