/** The kinds of the tokens of a statement: every text literal is one, whatever is in it; no comment is one. */
export function shapeOf(statement: string): readonly string[] {
  const token =
    /'(?:[^']|'')*'|"[A-Za-z_][A-Za-z0-9_]*"|[A-Za-z_][A-Za-z0-9_.]*|\d+|<>|>=|<=|\|\||[()[\],*+<>=.-]|\s+/gy;
  const kinds: string[] = [];
  while (token.lastIndex < statement.length) {
    const at = token.lastIndex;
    const [text] = token.exec(statement) ?? [];
    if (text === undefined) throw new Error(`no token of ours: ${statement.slice(at, at + 40)}`);
    if (text.trim() !== '') kinds.push(text.startsWith("'") ? 'text' : text);
  }
  return kinds;
}
