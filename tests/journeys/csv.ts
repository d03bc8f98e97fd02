/** One row of a bill as a test writes it: text by column, absent where the cell is empty. */
export type BillRow = Readonly<Record<string, string | undefined>>;

/** CSV (RFC 4180, LF) of rows, with every column that any of them has. */
export function csvOf(rows: readonly BillRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return `${lines.map((cells) => cells.map(cell).join(',')).join('\n')}\n`;
}

/** Text that could be taken for something else stands in quotes. */
function cell(value: string | undefined): string {
  if (value === undefined) return '';
  return /[",\n\r]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Reads CSV (RFC 4180) without any library: rows by the header's names; the text stays as it stands in the cell. */
export function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...records] = recordsOf(text.replace(/^\uFEFF/, ''));
  return records.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let value = '';
  let isQuoted = false;
  const endCell = () => {
    cells.push(value);
    value = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (isQuoted && character === '"' && text[at + 1] === '"') {
      value += '"';
      at += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === ',') endCell();
    else if (!isQuoted && character === '\n') {
      endCell();
      records.push(cells);
      cells = [];
    } else if (isQuoted || character !== '\r') value += character;
  }
  if (value !== '' || cells.length > 0) records.push([...cells, value]);
  return records;
}
