import { exitStatus } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import { searchOrphans } from '../../steps/search-orphans.ts';
import { createScreen } from '../runner/screen.ts';
import type { CliIo } from './io.ts';
import { look } from './look.ts';

/** Searches every system for what a run has left, tells it, and answers the exit status: 0 for nothing, in systems that all answered. */
export async function tellOrphans(folder: string, log: LogFormat, io: CliIo): Promise<number> {
  const screen = createScreen(io.stderr, io.environment);
  const { orphans, asked, unasked } = await look(searchOrphans, folder, log, screen, io);
  const { red, yellow, green, dim } = screen.colours;
  for (const { system, what, where, remove } of orphans) {
    screen.line(`  ${red('left')}: ${system}: ${what} (${where})`);
    screen.line(dim(`    -> ${remove}`));
  }
  for (const { system, reason } of unasked) screen.line(`  ${yellow('not known')}: ${system}: ${reason}`);
  if (orphans.length > 0) screen.line(`${orphans.length} things of this run are left.`);
  else if (unasked.length === 0) screen.line(green(`Nothing of this run is left in ${asked.join(', ')}.`));
  else
    screen.line(
      `Nothing of this run is left in ${asked.join(', ')}. Of the others nothing is known; ask again: eks-dr orphans --run ${folder}`,
    );
  if (orphans.length > 0) return exitStatus.unhealthy;
  return unasked.length > 0 ? exitStatus.unavailable : 0;
}
