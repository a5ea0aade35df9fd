import { isSet, lockFlags, parseArguments } from './arguments.ts';
import { openBackend } from './backend.ts';
import type { Command } from './command.ts';
import { failure } from './failure.ts';
import { locked } from './locked.ts';
import { loadOrNewState, saveState } from './remote-state.ts';

/** `untaint`: takes the lock, and with -allow-missing succeeds for a resource that is not there. */
export const untaint: Command = async (context, rest) => {
  const args = parseArguments(rest, { ...lockFlags, 'allow-missing': 'flag', 'no-color': 'flag' });
  const [address, ...more] = args.rest;
  if (address === undefined || more.length > 0) throw failure('The untaint command expects exactly one argument.');
  const backend = await openBackend(context.settings);
  return locked(context, args, backend, 'untaint', async () => {
    const state = await loadOrNewState(backend);
    const instance = state.resources
      .flatMap((resource) => resource.instances.map((each) => ({ resource, each })))
      .find(({ resource, each }) => {
        const index = each.index_key === undefined ? '' : `[${JSON.stringify(each.index_key)}]`;
        return `${resource.type}.${resource.name}${index}` === address;
      });
    if (!instance) {
      const detail = `Resource instance ${address} was not found, but this is not an error because -allow-missing was set.`;
      if (!isSet(args, 'allow-missing'))
        throw failure('No such resource instance', `There is no resource instance in the state with the address ${address}.`);
      context.output.diagnostics([{ severity: 'warning', summary: 'No such resource instance', detail }]);
      return 0;
    }
    if (instance.each.status !== 'tainted')
      throw failure(
        'Resource instance is not tainted',
        `Resource instance ${address} is not currently tainted, and so it cannot be untainted.`,
      );
    delete instance.each.status;
    await saveState(backend, state);
    context.output.human(`Resource instance ${address} has been successfully untainted.`);
    return 0;
  });
};
