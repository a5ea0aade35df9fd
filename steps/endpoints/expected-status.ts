import type { HttpProbe } from '../estate/policy.ts';

/** Whether an HTTP status is among those that a probe expects: `200`, `2xx`, `200-399`, or a list of these. */
export function isExpected(status: number, expected: HttpProbe['expectStatus']): boolean {
  return (Array.isArray(expected) ? expected : [expected]).some((one) => {
    if (typeof one === 'number') return status === one;
    const [from = one, to = from] = one.split('-');
    return status >= Number(from.replace('xx', '00')) && status <= Number(to.replace('xx', '99'));
  });
}

export function expectedText(expected: HttpProbe['expectStatus']): string {
  return Array.isArray(expected) ? expected.join(', ') : String(expected);
}
