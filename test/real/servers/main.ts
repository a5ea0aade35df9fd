import { down } from './down.ts';
import { PART_NAMES, type PartName } from './part.ts';
import { status } from './status.ts';
import { up } from './up.ts';

const USAGE = `npm run servers -- up [${PART_NAMES.join(' | ')}]... | down | status`;

/** Returns the exit status. */
async function main([command, ...names]: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !PART_NAMES.some((part) => part === name));
  if (unknown.length > 0 || (names.length > 0 && command !== 'up')) return usage();
  const started = Date.now();
  const say = (line: string): void => console.error(`servers: ${line}`);
  switch (command) {
    case 'up': {
      const failed = await up(names.length > 0 ? (names as PartName[]) : PART_NAMES, say);
      await print();
      say(`up after ${Math.round((Date.now() - started) / 1000)} s`);
      for (const [part, reason] of Object.entries(failed)) say(`${part} does not run: ${reason}`);
      return Object.keys(failed).length > 0 ? 1 : 0;
    }
    case 'down':
      say(`${await down(say)} stopped`);
      return 0;
    case 'status':
      return print();
    default:
      return usage();
  }
}

async function print(): Promise<number> {
  const { lines, dead } = await status();
  for (const line of lines) console.log(line);
  return dead.length > 0 ? 1 : 0;
}

function usage(): number {
  console.error(USAGE);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
