-- grain: One row per agency of the register.
-- label: 机关登记册
-- key: [agency]
-- columns:
--   agency: {label: 机关, text: the name that the marts carry}
--   aliases: {label: 别名, text: other names of the same agency}
--   short_names: {label: 简称, text: names that only propose it}
--   level: {label: 层级, text: "国家, 省, 市, 县 or 乡"}
--   kind: {label: 类别, text: "政府, 部门, 垂管 or 开发区"}
--   region_name: {label: 地区, text: name of the region}
--   region: {label: 区划代码, text: code of GB/T 2260}
--   parent: {label: 上级, text: whose figures include its own}
--   credit_code: {label: 统一社会信用代码, text: checked by its check digits}
--   valid_from: {label: 设立日期, text: first day}
--   valid_to: {label: 撤销日期, text: last day}
--   successors: {label: 继任机关, text: who took over from it}
--   first_year: {label: 首个报告年度, text: the first reporting year that it files for}
--   last_year: {label: 最后报告年度, text: "the last one; its successor files for the year in which
--     it ended"}
--   collected_from: {label: 收集起始年度, text: the first year whose report is looked for}
--   collected_to: {label: 收集截止年度, text: "the last one; 0 where no report is looked for"}
--   population: {label: 人口, unit: 人, text: as the register states}
--   place: {label: 位置, text: line of the register}
SELECT
  agency,
  aliases,
  short_names,
  level,
  kind,
  region_name,
  region,
  parent,
  credit_code,
  valid_from,
  valid_to,
  successors,
  first_year,
  last_year,
  collected_from,
  collected_to,
  population,
  place
FROM registered
