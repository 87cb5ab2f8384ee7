-- grain: One row per refresh.
-- label: 刷新记录
-- key: [refresh_id]
-- columns:
--   refresh_id: {label: 刷新编号, text: its start as a stamp (UTC)}
--   started_at: {label: 开始时间, text: UTC}
--   finished_at: {label: 完成时间, text: UTC}
--   engine: {label: 引擎, text: that built the marts}
--   documents_read: {label: 读取文件数, unit: 个, text: new or changed and read}
--   documents_unchanged: {label: 未变文件数, unit: 个, text: taken from the store}
--   documents_quarantined: {label: 未采用文件数, unit: 个, text: listed in `quarantine`}
--   documents_removed: {label: 移除文件数, unit: 个, text: gone since the refresh before}
SELECT
  refresh_id,
  started_at,
  finished_at,
  engine,
  documents_read,
  documents_unchanged,
  documents_quarantined,
  documents_removed
FROM refresh_log
