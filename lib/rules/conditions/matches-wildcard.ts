/**
 * Whether the whole value is the pattern, `*` being any run of characters. Each piece between stars is taken at its
 * first place after the one before, which is enough: no piece can need a later one.
 */
export function matchesWildcard(value: string, wildcard: string): boolean {
  const pieces = wildcard.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return value === wildcard;
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let from = first.length;
  const end = value.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = value.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
