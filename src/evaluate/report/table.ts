import { escapeHtml } from './format.ts';

/** A row of a table: its name, its cells as HTML, and what its numbers may be compared with. */
export interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
  readonly comparableWith: string;
}

/**
 * A table as HTML. On a narrow screen each row becomes a block, for which every cell carries the
 * name of its column.
 */
export function table(columns: readonly string[], rows: readonly TableRow[]): string {
  const heads = ['', ...columns, 'comparable with'];
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const body = rows.map(({ name, cells, comparableWith }) => {
    const numbers = cells.map((cell, i) =>
      cell === ''
        ? '<td class="number empty"></td>'
        : `<td class="number" data-name="${escapeHtml(columns[i])}">${cell}</td>`,
    );
    return `<tr><th scope="row">${escapeHtml(name)}</th>${numbers.join('')}<td class="about">${escapeHtml(comparableWith)}</td></tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}
