import { expect } from 'chai';
import { refuseKeptElsewhere } from '../../../steps/merge-request/kept-elsewhere.ts';
import { failure } from '../../failure.ts';

describe('a file that people have changed in the folder of one wave', () => {
  const folder = 'recovery/shop-drill-1';
  const files = new Map([`${folder}/wave-2/cart.yaml`, `${folder}/wave-2/README.md`].map((path) => [path, '']));
  const look = async (path: string, how: 'added' | 'changed') => refuseKeptElsewhere([{ path, how }], files, folder);

  it('is refused where the estate has it in another wave by now', async () => {
    const error = await failure('conflict', look(`${folder}/wave-1/cart.yaml`, 'added'));
    expect(error.message).to.include(`${folder}/wave-1/cart.yaml (now ${folder}/wave-2/cart.yaml)`);
    expect((await failure('conflict', look(`${folder}/cart.yaml`, 'added'))).code).to.equal('conflict');
  });

  it('is kept where it stands in no other, or is no manifest', async () => {
    await look(`${folder}/wave-2/cart.yaml`, 'changed');
    await look(`${folder}/wave-1/more.yaml`, 'added');
    await look(`${folder}/wave-1/README.md`, 'added');
  });
});
