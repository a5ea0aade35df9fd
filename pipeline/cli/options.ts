import { EksDrError } from '../../steps/kit/errors.ts';
import type { Waiver } from '../../steps/kit/run.ts';

/** `--log`: how steps write their log lines. */
export const logOption = {
  choices: ['text', 'json'] as const,
  requiresArg: true,
  default: 'text' as const,
  describe: 'Log lines for people, or as JSON for machines',
};

export const estateOption = { type: 'string', requiresArg: true, describe: 'The estate file (default: eks-dr.yaml)' } as const;

export const approveOption = {
  choices: ['all'] as const,
  requiresArg: true,
  describe: 'Approve every plan without asking, but for what others changed since; in drills only',
};

/** `all`, or a comma-separated list of names. */
export function parseServices(text: string | undefined): 'all' | string[] | undefined {
  if (text === undefined || text === 'all') return text;
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw new EksDrError('bad-usage', { message: '--services takes all, or names with commas between them.', target: '--services' });
  return [...new Set(names)];
}

/** `SERVICE=REASON`, one for each service that may stay unhealthy. */
export function parseWaivers(texts: readonly string[], by: string): Waiver[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    const [service, reason] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at < 1 || service === '' || reason === '') {
      throw new EksDrError('bad-usage', { message: `--waive takes SERVICE=REASON, not "${text}".`, target: '--waive' });
    }
    return { service, reason, by };
  });
}

/** `--accept-unhealthy-primary`: the way back while the primary is dead. */
export const acceptOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Why users may be sent back although load balancers of the primary are not healthy; stands in the run and its report',
} as const;

export function reasonOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() !== '') return text.trim();
  throw new EksDrError('bad-usage', {
    message: '--accept-unhealthy-primary wants a reason: it stands in the report.',
    target: '--accept-unhealthy-primary',
  });
}
