import type { Output } from './output.ts';
import type { Settings } from './settings.ts';
import type { Value } from './values.ts';

interface Named {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string;
}

/** A resource as the machine-readable output names it. */
export function resourceMember({ address, type, name, index }: Named): Readonly<Record<string, unknown>> {
  const key = index ?? null;
  return {
    addr: address,
    module: '',
    resource: address,
    implied_provider: 'aws',
    resource_type: type,
    resource_name: name,
    resource_key: key,
  };
}

export type Operation = 'create' | 'update' | 'delete';

const words: Readonly<Record<Operation, readonly [start: string, still: string, done: string]>> = {
  create: ['Creating...', 'Still creating...', 'Creation'],
  update: ['Modifying...', 'Still modifying...', 'Modifications'],
  delete: ['Destroying...', 'Still destroying...', 'Destruction'],
};

function elapsedText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
}

/** Says that an operation starts, goes on (every ten seconds of the sandbox's time), and ends. */
export function followOperation(
  output: Output,
  settings: Settings,
  resource: Named,
  operation: Operation,
  before: Value | undefined,
): { done(id: Value | undefined): void; failed(): void } {
  const started = Date.now();
  const seconds = (): number => Math.round(((Date.now() - started) * settings.scale) / 1000);
  const [start, still, done] = words[operation];
  const id = (value: Value | undefined): string => (value === undefined ? '' : ` [id=${value}]`);
  const member = { resource: resourceMember(resource), action: operation };
  const known = before === undefined ? {} : { id_key: 'id', id_value: before };
  output.line({ type: 'apply_start', message: `${resource.address}: ${start}${id(before)}`, members: { hook: { ...member, ...known } } });
  const progress = setInterval(
    () => {
      const elapsed = Math.floor(seconds() / 10) * 10;
      const where = before === undefined ? '' : `id=${before}, `;
      const message = `${resource.address}: ${still} [${where}${elapsedText(elapsed)} elapsed]`;
      output.line({ type: 'apply_progress', message, members: { hook: { ...member, elapsed_seconds: elapsed } } });
    },
    Math.max(10_000 / settings.scale, 50),
  );
  const end = (): number => {
    clearInterval(progress);
    return seconds();
  };
  return {
    done(value) {
      const elapsed = end();
      const identified = value === undefined ? {} : { id_key: 'id', id_value: value };
      const message = `${resource.address}: ${done} complete after ${elapsedText(elapsed)}${operation === 'delete' ? '' : id(value)}`;
      output.line({ type: 'apply_complete', message, members: { hook: { ...member, ...identified, elapsed_seconds: elapsed } } });
    },
    failed() {
      const elapsed = end();
      const message = `${resource.address}: ${done} errored after ${elapsedText(elapsed)}`;
      output.line({ type: 'apply_errored', level: 'error', message, members: { hook: { ...member, elapsed_seconds: elapsed } } });
    },
  };
}
