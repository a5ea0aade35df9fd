/** Plain JSON objects, as charts make them. */
export type Json = Record<string, unknown>;

export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly skipCrds: boolean;
  /** Different for each render that is not taken from a cache: what a chart makes at random is made from it. */
  readonly salt: string;
}

/** A chart of somebody else's, as far as a recovery goes by what it makes. */
export interface Chart {
  readonly name: string;
  readonly appVersion: string;
  /** Throws with Helm's words where the values don't do. */
  render(values: Json, release: Release): Json[];
}

export function fields(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function text(value: unknown, without: string): string {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : without;
}

export function count(value: unknown, without: number): number {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : without;
}

/** What Helm says when a template calls `required`. */
export function required(value: unknown, message: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`execution error at: ${message}`);
}
