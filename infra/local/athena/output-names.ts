import { isTree, type SqlTree, textOf, treesOf } from './sql-tree.ts';

/** The SELECT whose list names the result: of a UNION the first one, as in Trino. */
function namingSelect(node: SqlTree): SqlTree {
  return isTree(node.left) && node.type !== 'SELECT_NODE' ? namingSelect(node.left) : node;
}

const hasName = (item: SqlTree): boolean =>
  textOf(item.alias) !== '' || ['COLUMN_REF', 'STAR'].includes(textOf(item.class)) || item.type === 'STRUCT_EXTRACT';

/** `VALUES …` alone: every column is nameless. */
const isValuesOnly = (select: SqlTree): boolean =>
  isTree(select.from_table) &&
  select.from_table.type === 'EXPRESSION_LIST' &&
  treesOf(select.select_list).every((item) => item.class === 'STAR');

/**
 * Names the result as Trino does: an expression without an alias is `_col` and its place, counted from 0. What stands
 * behind a `*` is counted from the end.
 */
export function outputNames(node: SqlTree): (engineNames: readonly string[]) => readonly string[] {
  const select = namingSelect(node);
  const items = treesOf(select.select_list);
  const firstStar = items.findIndex((item) => item.class === 'STAR');
  const stars = items.filter((item) => item.class === 'STAR').length;
  return (engineNames) => {
    if (isValuesOnly(select)) return engineNames.map((_, i) => `_col${i}`);
    const beyond = engineNames.length - items.length;
    return engineNames.map((name, i) => {
      const item = stars === 0 || i < firstStar ? items[i] : stars === 1 ? items[i - beyond] : undefined;
      const isOfStar = stars > 0 && i >= firstStar && i <= firstStar + beyond;
      return item && !isOfStar && !hasName(item) ? `_col${i}` : name;
    });
  };
}
