import { type FakeStep, fakePlace, fakeStep } from './fake-steps.ts';

// A runner in a process of its own, to be killed: walk-in-process.ts ROOT [[id, behaviour of apply] ...]
const [root, steps = '[]'] = process.argv.slice(2);
const parsed = JSON.parse(steps) as readonly (readonly [string, NonNullable<FakeStep['apply']>])[];
const place = await fakePlace(root);
await place.walk(parsed.map(([id, apply]) => fakeStep(id, [], { apply })));
