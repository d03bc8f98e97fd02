/**
 * A folder for each customer, in their order: NFKD, marks dropped, lower case, every run of other than a–z and 0–9
 * becomes `-`, trimmed; empty becomes `customer`; a second one of the same slug gets `-2` (`split-command.md`).
 */
export function folderNames(customers: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const folders = new Map<string, string>();
  for (const name of customers) {
    const slug = slugOf(name);
    let folder = slug;
    for (let number = 2; taken.has(folder); number++) folder = `${slug}-${number}`;
    taken.add(folder);
    folders.set(name, folder);
  }
  return folders;
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return slug === '' ? 'customer' : slug;
}

/** Each customer's folder below the output, by its id. */
export function foldersById(
  customers: readonly string[],
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const folders = folderNames(customers);
  return new Map([...ids].map(([name, id]) => [id, `customers/${folders.get(name) ?? id}`] as const));
}
