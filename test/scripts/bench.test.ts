import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { goalsOf, type Measured } from '../../scripts/bench/goals.ts';
import { pageOf } from '../../scripts/bench/page.ts';
import { spreadOf } from '../../scripts/bench/spread.ts';
import { steps } from '../../steps/index.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const bench = (...args: string[]) => run(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'bench.ts'), ...args], { cwd: root });

describe('the benchmark', () => {
  it('measures the start of every step, the size of the bundle, changes together and one by one, and the rendering', async () => {
    const { stdout } = await bench(
      '--starts',
      '1',
      '--applies',
      '1',
      '--namespaces',
      '3',
      '--roles',
      '4',
      '--latency',
      '1',
      '--records',
      '7',
      '--apis',
      '5',
      '--distributions',
      '4',
      '--scale',
      '100',
      '--applications',
      '300',
      '--json',
    );
    const { starts, bundle, namespaces, vaultRoles, records, apis, distributions, rendering, goals } = JSON.parse(stdout) as Measured & {
      goals: ReturnType<typeof goalsOf>;
    };
    expect(starts.steps.map(({ step }) => step)).to.deep.equal(steps.map(({ id }) => id));
    expect(starts.node.runs).to.equal(1);
    for (const { ms, times, loads } of starts.steps) {
      expect(ms.median).to.be.above(0);
      expect(times).to.be.closeTo(ms.median / starts.node.median, 1e-9);
      expect(loads.bytes).to.be.above(0);
    }
    expect(bundle.compressedBytes).to.be.above(0).and.below(bundle.bytes);
    expect(namespaces).to.deep.include({ objects: 3, latencyMs: 1 });
    expect(vaultRoles).to.deep.include({ objects: 4, latencyMs: 1 });
    for (const { ms, oneByOneMs } of [namespaces, vaultRoles]) {
      expect(ms.runs).to.equal(1);
      expect(oneByOneMs).to.be.above(0);
    }
    for (const { scale, seconds, leastSeconds, scriptSeconds, failed } of [records, apis, distributions]) {
      expect({ scale, failed }).to.deep.equal({ scale: 100, failed: 0 });
      // What the limits forbid was not done, and the waits were waited for.
      expect(leastSeconds).to.be.above(0);
      expect(seconds).to.be.at.least(leastSeconds);
      expect(scriptSeconds).to.be.at.least(leastSeconds);
    }
    expect([records, apis, distributions].map(({ changes }) => changes)).to.deep.equal([7, 20, 4]);
    expect(rendering.map(({ applications }) => applications)).to.deep.equal([3, 30, 300]);
    for (const { ms, bytes } of rendering) expect(Math.min(ms, bytes)).to.be.above(0);
    expect(goals).to.have.length(steps.length + 7);
  });

  it('refuses counts that are none', async () => {
    const failed = await bench('--starts', 'many').catch(({ stderr }: { stderr: string }) => stderr);
    expect(failed).to.contain('--starts takes a whole number from 1 on, not "many"');
  });
});

describe('what was measured', () => {
  const loads = { files: ['a.js', 'b.js'], bytes: 250_000 };
  const switched = { scale: 2, changes: 9, seconds: 44, leastSeconds: 40, scriptSeconds: 880, refused: 0, failed: 0 };
  const measured: Measured = {
    starts: {
      node: spreadOf([20, 40, 30]),
      steps: [
        { step: 'preflight', ms: spreadOf([120]), times: 4, loads },
        { step: 'report', ms: spreadOf([121]), times: 4.03, loads },
      ],
    },
    bundle: { files: 90, bytes: 5_000_000, compressedBytes: 1_000_000 },
    namespaces: { title: 'namespaces', objects: 60, latencyMs: 50, ms: spreadOf([3000, 1000]), oneByOneMs: 20_000 },
    vaultRoles: { title: 'roles', objects: 150, latencyMs: 50, ms: spreadOf([4000]), oneByOneMs: 8_000 },
    records: { ...switched, title: 'records', objects: 500 },
    apis: { ...switched, title: 'APIs', objects: 50, scale: 1 },
    distributions: { ...switched, title: 'distributions', objects: 40, leastSeconds: 10, refused: 5 },
    rendering: [
      { applications: 1500, ms: 900, bytes: 2e8 },
      { applications: 15_000, ms: 9_000, bytes: 3e8 },
    ],
  };

  it('is summed up as the median between the least and the most', () => {
    expect(spreadOf([20, 40, 30])).to.deep.equal({ median: 30, min: 20, max: 40, runs: 3 });
    expect(spreadOf([4, 1, 3, 2]).median).to.equal(2.5);
    expect(() => spreadOf([])).to.throw('nothing was measured');
  });

  it('meets a goal or misses it', () => {
    expect(goalsOf(measured).map(({ met }) => met)).to.deep.equal([true, false, true, true, true, true, true, true, true]);
    expect(goalsOf({ ...measured, bundle: { ...measured.bundle, compressedBytes: 3_000_000 } })[2]?.met).to.equal(false);
    expect(goalsOf({ ...measured, namespaces: { ...measured.namespaces, ms: spreadOf([3000]) } })[3]?.met).to.equal(false);
    expect(goalsOf({ ...measured, vaultRoles: { ...measured.vaultRoles, ms: spreadOf([5000]) } })[4]?.met).to.equal(false);
    for (const worse of [{ seconds: 44.1 }, { failed: 1 }]) {
      expect(goalsOf({ ...measured, records: { ...measured.records, ...worse } })[5]?.met).to.equal(false);
      expect(goalsOf({ ...measured, apis: { ...measured.apis, ...worse } })[6]?.met).to.equal(false);
    }
    expect(goalsOf({ ...measured, distributions: { ...measured.distributions, failed: 1 } })[7]?.met).to.equal(false);
    for (const worse of [{ ms: 10_000 }, { bytes: 5e8 }]) {
      const rendering = measured.rendering.map((time) => ({ ...time, ...worse }));
      expect(goalsOf({ ...measured, rendering })[8]?.met).to.equal(false);
    }
    const slower = [{ applications: 1500, ms: 500, bytes: 2e8 }, measured.rendering[1] ?? { applications: 0, ms: 0, bytes: 0 }];
    expect(goalsOf({ ...measured, rendering: slower })[8]?.met).to.equal(false);
  });

  it('is shown side by side, with the verdict', () => {
    const lines = pageOf(measured).split('\n');
    expect(lines.find((line) => line.includes('node -e 0  '))).to.contain('30 ms (20 to 40)');
    expect(lines.find((line) => line.includes('preflight'))).to.match(/4\.0 times +250 kB in 2 files +met$/);
    expect(lines.find((line) => line.includes('report'))).to.match(/missed$/);
    expect(lines.find((line) => line.includes('500 records switched'))).to.contain('by a clock 2 times as fast as ours');
    expect(lines.find((line) => line.includes('50 APIs switched;'))).to.contain('at most 1.1 times what the documented limits allow');
    expect(lines.find((line) => line.includes('4.40 times as long'))).to.match(/5 refused for the rate, 0 failed +met$/);
    expect(lines.find((line) => line.includes('by a script'))).to.match(/880\.0 s +20\.0 times as long as the plan$/);
    expect(lines.find((line) => line.includes('one after another'))).to.match(/20\.0 s +10\.0 times as long$/);
  });
});
