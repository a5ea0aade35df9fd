import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureApply } from './bench/apply.ts';
import { measureBundle } from './bench/bundle-size.ts';
import { goalsOf, type Measured } from './bench/goals.ts';
import { pageOf } from './bench/page.ts';
import { measureStarts } from './bench/process-start.ts';
import { measureSwitch } from './bench/rated/switching.ts';
import { measureRendering } from './bench/rendering.ts';
import { apis } from './bench/works/apis.ts';
import { distributions } from './bench/works/distributions.ts';
import { namespaces } from './bench/works/namespaces.ts';
import { records } from './bench/works/records.ts';
import { vaultRoles } from './bench/works/vault-roles.ts';
import { buildProgram } from './build/build-program.ts';

// What a run costs before and beside its waiting, against goals. Figures of a busy machine say little, so a missed goal fails only where asked:
//   npm run bench                  for people; exit status 0
//   npm run bench -- --check       exit status 1 when a goal is missed
//   npm run bench -- --json        for machines
const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** How often each process is started. */
    starts: { type: 'string', default: '15' },
    /** How often the plan is applied. */
    applies: { type: 'string', default: '3' },
    namespaces: { type: 'string', default: '60' },
    roles: { type: 'string', default: '150' },
    latency: { type: 'string', default: '50' },
    records: { type: 'string', default: '500' },
    apis: { type: 'string', default: '50' },
    distributions: { type: 'string', default: '40' },
    /** How many times as fast as ours the clock of what limits hold up runs; each work has its own. */
    scale: { type: 'string' },
    applications: { type: 'string', default: '15000' },
  },
});

const count = (name: Exclude<keyof typeof values, 'check' | 'json'>): number => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1 on, not "${values[name]}".`);
  return number;
};
const [starts, runs, latencyMs] = [count('starts'), count('applies'), count('latency')];
const scale = values.scale === undefined ? undefined : count('scale');
const [namespaceCount, roleCount] = [count('namespaces'), count('roles')];

await buildProgram(root, { force: false });
const dist = join(root, 'dist');
const measured: Measured = {
  starts: await measureStarts(dist, starts),
  bundle: await measureBundle(dist),
  namespaces: await measureApply(root, namespaces, { objects: namespaceCount, latencyMs, runs }),
  vaultRoles: await measureApply(root, vaultRoles, { objects: roleCount, latencyMs, runs }),
  records: await measureSwitch(root, records, { objects: count('records'), scale }),
  apis: await measureSwitch(root, apis, { objects: count('apis'), scale }),
  distributions: await measureSwitch(root, distributions, { objects: count('distributions'), scale }),
  rendering: await measureRendering(count('applications')),
};
const goals = goalsOf(measured);
process.stdout.write(values.json ? `${JSON.stringify({ ...measured, goals }, null, 2)}\n` : pageOf(measured));
if (values.check && goals.some(({ met }) => !met)) process.exitCode = 1;
