/** Orders texts by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text of others for a message of ours: on one line, and cut with `…` to `most` characters. A page of HTML says no more than its title. */
export function brief(text: string, most = 300): string {
  const flat = (/^\s*<(!doctype|html)\b/i.test(text) ? pageText(text) : text).replaceAll(/\s+/g, ' ').trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

function pageText(html: string): string {
  const title = /<title[^>]*>([^<]+)/i.exec(html)?.[1]?.trim() ?? '';
  return title === '' ? 'a page of HTML' : `a page of HTML, "${title}"`;
}

/** `7 s`, `17 min`, `12 min 05 s`, `1 h 02 min`; from an hour on, whole minutes. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.floor(whole / 60);
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${String(small).padStart(2, '0')} ${smallUnit}`;
}

/** Bytes as the text that they are, with a byte order mark where there is one; undefined for what isn't UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
