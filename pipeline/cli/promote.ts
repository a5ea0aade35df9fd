import { join } from 'node:path';
import type { Estate } from '../../steps/estate/estate.ts';
import { readDocuments } from '../../steps/kit/documents.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import type { Run } from '../../steps/kit/run.ts';
import { loadEstate, parseEstate } from '../estate/load.ts';
import { promotedText } from '../promote/estate-text.ts';
import { type Recovered, recoveredBy } from '../promote/recovered.ts';
import { preparations, reviewLines } from '../promote/review.ts';
import { staysLines, staysOf } from '../promote/stays.ts';
import { readClosed, writeClosed } from '../runner/closed.ts';
import { readEstateFolder } from '../runner/folder.ts';
import { lockRun } from '../runner/lock.ts';
import { defineCommand } from './command.ts';
import { runIn } from './look.ts';
import { writeOut } from './write-out.ts';

export const promoteCommand = defineCommand({
  name: 'promote',
  summary: 'Keep the recovered cluster as the primary: writes the new estate, and closes the run',
  examples: [
    ['promote --run .eks-dr/recover-20270112-093512', 'writes eks-dr.promoted.yaml into the folder of the run; no undo from then on'],
    ['promote --run .eks-dr/recover-20270112-093512 --out eks-dr.yaml', 'puts the new estate in the place of the old one'],
  ],
  options: {
    run: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the recovery' },
    estate: {
      type: 'string',
      requiresArg: true,
      describe: 'The estate file to edit (default: eks-dr.yaml where the run found its estate)',
    },
    out: { type: 'string', requiresArg: true, describe: 'The file to write (default: eks-dr.promoted.yaml in the folder of the run)' },
  },
  async run({ run: folder, estate, out = join(folder, 'eks-dr.promoted.yaml') }, io) {
    await runIn(folder);
    const lock = await lockRun(folder);
    try {
      const documents = await readDocuments(folder);
      const recovered = recoveredBy(documents, io.steps);
      const stepIds = io.steps.map(({ id }) => id);
      const file = estate ?? join((await readEstateFolder(folder)) ?? '.', 'eks-dr.yaml');
      const loaded = await loadEstate(file, stepIds);
      refuseOther(loaded.estate, documents, recovered, file);
      const text = promotedText(loaded.text, recovered);
      const promoted = parseEstate(text, out, stepIds);
      const stays = staysOf(documents, io.steps);
      // First the estate: should this end between the two, the command is given again.
      await writeOut(out, text);
      if ((await readClosed(folder)) === undefined) {
        const at = new Date().toISOString();
        await writeClosed(folder, { schema: 1, run: documents.run.id, reason: 'promoted', at, by: io.user, stays });
      }
      io.stdout.write(toldOf(documents.run, promoted, out, staysLines(stays, io.steps)));
      return 0;
    } finally {
      await lock.release();
    }
  },
});

/** An estate of another platform, or one whose primary is neither the old nor the new one. */
function refuseOther(estate: Estate, { estate: ofRun }: { readonly estate: unknown }, { cluster }: Recovered, file: string): void {
  const old = (ofRun as Pick<Estate, 'primary' | 'name'> | undefined)?.primary?.cluster;
  if (estate.primary.cluster === old || estate.primary.cluster === cluster) return;
  throw new EksDrError('bad-usage', {
    message: `The primary of ${file} is ${estate.primary.cluster}, but the run recovered ${old}.`,
    target: '--estate',
    remedy: 'Name the estate of the run with --estate FILE.',
  });
}

function toldOf({ id }: Run, estate: Estate, out: string, stays: readonly string[]): string {
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
  return [
    `${estate.primary.cluster} in ${estate.primary.region} is the primary of ${out}; ${id} is closed.`,
    ...list('To be reviewed by people:', reviewLines(estate)),
    ...list('An undo would have taken this back; it stays:', stays),
    ...list(`Then, with that file where the old estate was (paths in it start there):`, preparations(estate, out)),
    '',
  ].join('\n');
}
