import { isIPv6 } from 'node:net';

/** The canonical form of an IPv6 range: without the bits of a host, zeros compressed. Null when it isn't one. */
export function canonicalCidr6(text: string): string | null {
  const [address = '', prefix = '', ...more] = text.split('/');
  const length = Number(prefix);
  if (more.length > 0 || !isIPv6(address) || !/^\d{1,3}$/.test(prefix) || length > 128) return null;
  const hostBits = BigInt(128 - length);
  return `${compressed((toNumber(address) >> hostBits) << hostBits)}/${length}`;
}

// The URL parser knows every way to write an address, and writes it in one.
function normal(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function toNumber(address: string): bigint {
  const [head = '', tail] = normal(address).split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function compressed(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  return normal(groups.join(':'));
}
