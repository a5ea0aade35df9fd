export interface Cidr {
  readonly base: number;
  readonly length: number;
}

/** `10.0.0.0/16` as a number and a prefix length, the bits of a host left out; null when it isn't an IPv4 range. */
export function parseCidr(text: string): Cidr | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return null;
  const octets = match.slice(1, 5).map(Number);
  const length = Number(match[5]);
  if (length > 32 || octets.some((octet) => octet > 255)) return null;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { base: address - (address % size({ length })), length };
}

/** The canonical form of a range, as EC2 keeps it: `100.68.0.18/18` is `100.68.0.0/18`. */
export function formatCidr({ base, length }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${length}`;
}

/** The number of addresses in a range. */
export function size({ length }: Pick<Cidr, 'length'>): number {
  return 2 ** (32 - length);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + size(inner) <= outer.base + size(outer);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}
