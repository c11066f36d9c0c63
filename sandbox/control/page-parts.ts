import { toBillTime } from '../beijing-time';

/** Text that is safe inside HTML, in attribute values too. Everything a caller sent passes through here. */
export function escapeHtml(value: unknown): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return String(value ?? '').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A time of the control API as people read it, in Beijing. */
export function time(iso: string | undefined): string {
  return iso === undefined ? '' : toBillTime(Date.parse(iso));
}

/** A button that posts a JSON body to a control path; the script at the end of the page wires it. */
export function button(label: string, path: string, body: unknown): string {
  return `<button data-path="${escapeHtml(path)}" data-body="${escapeHtml(JSON.stringify(body))}">${escapeHtml(label)}</button>`;
}

/** Cells are text and get escaped; a cell given as `{ html }` was built from escaped parts. */
export type Cell = string | number | undefined | { html: string };

/** A table under its title; `empty` is said when there are no rows. */
export function table(title: string, columns: string[], rows: Cell[][], empty: string): string {
  const cell = (value: Cell): string =>
    `<td>${typeof value === 'object' ? value.html : escapeHtml(value)}</td>`;
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('');
  const nothing = `<tr><td colspan="${columns.length}" class="quiet">${escapeHtml(empty)}</td></tr>`;
  return `<h2>${escapeHtml(title)}</h2><table><thead><tr>${head}</tr></thead><tbody>${body || nothing}</tbody></table>`;
}
