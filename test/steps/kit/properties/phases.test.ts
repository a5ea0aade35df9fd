import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { check } from './model/check.ts';
import { secretValues } from './model/drivers.ts';
import { well } from './model/process.ts';
import { createRunFolder, type RunFolder } from './model/run-folder.ts';
import { lives, mishapsAt, type Scene, scenes, worldOf } from './model/scenes.ts';
import { type ModelWorld, picture } from './model/world.ts';

const REQUESTS = 40;

async function withRun<T>(scene: Scene, work: (run: RunFolder, world: ModelWorld) => Promise<T>): Promise<T> {
  const world = worldOf(scene);
  const run = await createRunFolder(world, scene.mode);
  try {
    return await work(run, world);
  } finally {
    await rm(run.folder, { recursive: true, force: true });
  }
}

function secretsIn(text: string): string[] {
  return Object.values(secretValues).filter((value) => text.includes(value) || text.includes(Buffer.from(value).toString('base64')));
}

describe('a run of plans, approvals, applies and undos in a folder, whatever befalls them', function () {
  this.timeout(120_000);

  it('ends where the undo brings back what was there before, keeps every plan as written, and holds no secret', () =>
    check(
      fc.asyncProperty(scenes({ most: 3 }), lives, lives, async (scene, forwards, backwards) =>
        withRun(scene, async (run, world) => {
          const { seed } = scene;
          const before = picture(world);
          const plans = new Map<string, string>();
          const keep = async (): Promise<void> => {
            const texts = await run.texts();
            for (const [name, text] of plans) expect(texts[name], name).to.equal(text);
            for (const [name, text] of Object.entries(texts)) if (name.endsWith('.plan.json')) plans.set(name, text);
            for (const [name, text] of Object.entries(texts)) expect(secretsIn(text), name).to.deep.equal([]);
          };
          for (const [index, description] of scene.descriptions.entries()) {
            run.ask(description);
            well(await run.plan('forward', { seed }));
            await run.approve();
            await run.apply('forward', { seed, mishaps: mishapsAt(forwards[index] ?? [], REQUESTS) });
            await keep();
          }
          for (const moments of backwards) {
            well(await run.plan('undo', { seed }));
            await run.approve();
            await run.apply('undo', { seed, mishaps: mishapsAt(moments, REQUESTS) });
            await keep();
          }
          const last = well(await run.plan('undo', { seed }));
          expect(last.plan?.leftAlone).to.deep.equal([]);
          await run.approve();
          const record = well(await run.apply('undo', { seed }));
          expect(record).to.deep.include({ status: 'ok', applied: [], outputs: null });
          expect(picture(world)).to.deep.equal(before);
          await keep();
        }),
      ),
      60,
    ));

  it('goes on after an undo: what is applied anew can be undone anew', () =>
    check(
      fc.asyncProperty(scenes({ most: 2 }), lives, async (scene, disturbances) =>
        withRun(scene, async (run, world) => {
          const { seed } = scene;
          const before = picture(world);
          for (const [index, description] of scene.descriptions.entries()) {
            run.ask(description);
            well(await run.plan('forward', { seed }));
            await run.approve();
            await run.apply('forward', { seed, mishaps: mishapsAt(disturbances[index] ?? [], REQUESTS) });
            well(await run.plan('undo', { seed }));
            await run.approve();
            well(await run.apply('undo', { seed }));
            expect(picture(world)).to.deep.equal(before);
          }
        }),
      ),
      30,
    ));
});
