import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { found } from '../../../../pipeline/jenkins/state/found.ts';
import { sealRecord } from '../../../../steps/kit/record.ts';
import { thrownBy } from '../thrown-by.ts';
import { drillRun, makeWorkspace, type Workspace } from './run-folder.ts';

describe('what a look came to, for Jenkins', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await makeWorkspace({});
  });
  afterEach(() => workspace.remove());

  async function saw(step: string, outputs: object) {
    const at = '2027-01-12T09:30:00.000Z';
    const record = sealRecord({
      schema: 1,
      run: drillRun.id,
      step,
      phase: 'apply',
      direction: 'forward',
      status: 'ok',
      plan: null,
      approvalNeed: null,
      approval: null,
      applied: [],
      outputs,
      outputsDigest: 'sha256:0',
      needs: {},
      estate: { parts: [], digest: 'sha256:0' },
      error: null,
      timing: { startedAt: at, finishedAt: at, seconds: 1, completedAt: at },
      attempt: 0,
      tool: 'eks-dr test',
    } as never);
    await workspace.write(`${step}.record.json`, record);
    return found(workspace.folder, step);
  }

  const orphan = { system: 'EC2', what: 'volume vol-1', where: 'eu-central-1', remove: 'aws ec2 delete-volume --volume-id vol-1' };
  const search = (more: object) => saw('search-orphans', { orphans: [], asked: ['EC2', 'IAM'], unasked: [], ...more });

  it('is good where nothing is left and every system answered', async () => {
    expect(await search({})).to.deep.equal({ unstable: false, message: 'Nothing of this run is left in EC2, IAM.' });
  });

  it('makes the build unstable where something is left, and says how to remove it', async () => {
    const { unstable, message } = await search({ orphans: [orphan] });
    expect(unstable).to.equal(true);
    expect(message).to.equal(`1 things of this run are left:\nleft: EC2: volume vol-1 (eu-central-1)\n  -> ${orphan.remove}`);
    expect(await readFile(join(workspace.folder, 'orphans.txt'), 'utf8')).to.equal(`${message}\n`);
  });

  it('does not call clean what did not answer', async () => {
    const { unstable, message } = await search({ unasked: [{ system: 'Vault', reason: 'it is sealed' }] });
    expect([unstable, message.split('\n').at(-1)]).to.deep.equal([true, 'not known: Vault: it is sealed']);
  });

  it('ends the build where the cluster answers that is said to be gone', async () => {
    const gone = await saw('ask-cluster', { cluster: 'shop-drill-1', answers: false, said: 'no such cluster' });
    expect(gone).to.deep.equal({ unstable: false, message: 'The cluster shop-drill-1 does not answer: no such cluster' });
    const refused = await thrownBy(saw('ask-cluster', { cluster: 'shop-drill-1', answers: true, said: 'it answers' }));
    expect([refused.code, refused.remedy]).to.deep.equal([
      'rejected',
      'Start a new build with the same SOURCE_BUILD, without CLUSTER_GONE.',
    ]);
  });
});
