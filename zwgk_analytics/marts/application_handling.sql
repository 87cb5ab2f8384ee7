-- grain: One row per agency and year.
-- label: 依申请公开办理情况
-- key: [agency, year]
-- columns:
--   report_id: {label: 报告编号, text: the report in `reports`}
--   agency: {label: 机关, text: the author as the document names it}
--   year: {label: 年度, text: the reporting year}
--   edition: {label: 表式版本, text: "2021 or 2019"}
--   received: {label: 本年新收, unit: 件, text: applications received in the year}
--   carried_in: {label: 上年结转, unit: 件, text: applications carried over from the year before}
--   granted: {label: 予以公开, unit: 件, text: answered with the information}
--   partially_granted: {label: 部分公开, unit: 件, text: answered with a part of it}
--   denied: {label: 不予公开, unit: 件, text: sum of the reported sub-rows}
--   unable: {label: 无法提供, unit: 件, text: sum of the reported sub-rows}
--   not_processed: {label: 不予处理, unit: 件, text: sum of the reported sub-rows}
--   other: {label: 其他处理, unit: 件, text: sum of the reported sub-rows; one row in the 2019 edition}
--   total: {label: 总计, unit: 件, text: （七）总计 as filed}
--   carried_out: {label: 结转下年度继续办理, unit: 件, text: applications carried over to the next year}
--   is_total_computed: {label: 合计是否计算得出, text: a printed 总计 is blank and its parts were added up}
--   source: {label: 来源文件, text: path under the raw folder}
SELECT
  report_id,
  agency,
  year,
  edition,
  max(requests) FILTER (WHERE line = 'received') AS received,
  max(requests) FILTER (WHERE line = 'carried_in') AS carried_in,
  max(requests) FILTER (WHERE line = 'granted') AS granted,
  max(requests) FILTER (WHERE line = 'partially_granted') AS partially_granted,
  max(requests) FILTER (WHERE line = 'denied') AS denied,
  max(requests) FILTER (WHERE line = 'unable') AS unable,
  max(requests) FILTER (WHERE line = 'not_processed') AS not_processed,
  max(requests) FILTER (WHERE line = 'other') AS other,
  max(requests) FILTER (WHERE line = 'total') AS total,
  max(requests) FILTER (WHERE line = 'carried_out') AS carried_out,
  bool_or(is_computed) AS is_total_computed,
  source
FROM application_totals
GROUP BY report_id, agency, year, edition, source
