/** CSV (RFC 4180) as the desk writes reject files, and back. */

export function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quoted) {
      if (one === '"' && text[at + 1] === '"') {
        cell += '"';
        at++;
      } else if (one === '"') quoted = false;
      else cell += one;
    } else if (one === '"' && cell === '') quoted = true;
    else if (one === ',') {
      row.push(cell);
      cell = '';
    } else if (one === '\n') endRow();
    else if (one === '\r' && text[at + 1] === '\n') continue;
    else cell += one;
  }
  if (cell !== '' || row.length) endRow();
  return rows;
}

const cellText = (cell: string): string => (/[",\r\n]/.test(cell) || /^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const write = (rows: string[][]): string => rows.map((row) => row.map(cellText).join(',') + '\r\n').join('');
