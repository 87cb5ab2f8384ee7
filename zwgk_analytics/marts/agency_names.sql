-- grain: One row per name of an agency as documents print it.
-- label: 机关名称对照
-- key: [printed]
-- columns:
--   printed: {label: 原文名称, text: as printed}
--   agency: {label: 机关, text: "the register's name; null where the register does not know it: the
--     marts then carry the printed name"}
--   occurrences: {label: 出现次数, unit: 次, text: "reports, items, scores and figures that print it"}
--   source_kinds: {label: 来源类型, text: "annual_report, publication_log, assessment or
--     annual_figures, comma-separated"}
--   proposal: {label: 建议, text: the agency that it may stand for, caveat: a proposal; nothing is
--     merged until it is accepted as an alias}
--   score: {label: 相似度, unit: 分, text: "likeness of the two names, out of 100"}
--   kind: {label: 类别, text: "政府, 部门, 垂管 or 开发区"}
--   level: {label: 层级, text: "国家, 省, 市, 县 or 乡", caveat: "from the ending of a name only as far
--     as its deadline depends on it"}
--   kind_from: {label: 类别依据, text: "register, or name: its ending"}
SELECT
  printed,
  agency,
  occurrences,
  source_kinds,
  proposal,
  score,
  kind,
  level,
  kind_from
FROM resolved_names
