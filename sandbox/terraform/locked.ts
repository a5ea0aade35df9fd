import { type Arguments, durationOf, isSet, lastOf } from './arguments.ts';
import type { Backend } from './backend.ts';
import type { CommandContext } from './command.ts';
import { takeLock } from './lock.ts';

/** Holds the state's lock during the work, unless `-lock=false`. */
export async function locked<T>(
  context: CommandContext,
  args: Arguments,
  backend: Backend,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!isSet(args, 'lock', true)) return work();
  const release = await takeLock(context.settings, backend, operation, durationOf(lastOf(args, 'lock-timeout') ?? '0s'));
  try {
    return await work();
  } finally {
    await release();
  }
}
