/** A number with two or three significant digits, without exponents for usual sizes. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const text = Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
  return text.replaceAll('-', '−');
}

/** A share as a whole percentage. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return `${rounded < 0 ? `−${-rounded}` : rounded} %`;
}

/** A value over its interval, as HTML. */
export function estimateCell(
  value: number,
  { low, high }: { readonly low: number; readonly high: number },
): string {
  return `${significant(value)}<small>${significant(low)} … ${significant(high)}</small>`;
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A word of a POSIX shell, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
