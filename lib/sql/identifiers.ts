import { Sql } from './sql.ts';

/**
 * A function that writes the columns of a closed list, quoted and exactly spelt. A name that is not in the list throws:
 * it is our bug, since what users name is parsed against the same list before.
 */
export function identifiers<Name extends string>(names: readonly Name[]): (name: Name) => Sql {
  const known: ReadonlyMap<string, Sql> = new Map(names.map((name) => [name, new Sql(quoted(name))]));
  return (name) => {
    const column = known.get(name);
    if (column === undefined) throw new Error(`${JSON.stringify(name)} is not a column here`);
    return column;
  };
}

function quoted(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot be a column's name`);
  return `"${name}"`;
}
