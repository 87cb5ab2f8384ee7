-- grain: One row per problem found when a document or a register was read, told once.
-- label: 读取问题
-- key: [source, code, place, message]
-- columns:
--   source: {label: 来源文件, text: path under the raw folder}
--   code: {label: 代码, text: a stable word for the kind of problem}
--   message: {label: 说明, text: what was found and what was expected}
--   place: {label: 位置, text: where in the source}
SELECT
  source,
  code,
  message,
  place
FROM problems
UNION
SELECT
  source,
  code,
  message,
  place
FROM register_faults
