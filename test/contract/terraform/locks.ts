import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { linesOf, type Program, unwrapped, type Workspace } from './subject.ts';

const ID = '9db590f1-b6fe-c5f2-2678-8804f089deba';

const DESCRIPTION = [
  `ID:        ${ID}`,
  'Operation: OperationTypeApply',
  'Who:       somebody@agent-7',
  'Version:   1.11.4',
  'Created:   2026-01-15 03:00:00.123456789 +0000 UTC',
];

const PLAN = ['plan', '-input=false', '-no-color', '-var-file=run.tfvars.json'];

/** An initialised workspace whose state somebody else holds. */
async function held(program: Program): Promise<Workspace> {
  const workspace = await program.initialised();
  const { s3, bucket, key } = workspace;
  const info = {
    ID,
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'somebody@agent-7',
    Version: '1.11.4',
    Created: '2026-01-15T03:00:00.123456789Z',
    Path: `${bucket}/${key}`,
  };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${key}.tflock`, Body: JSON.stringify(info) }));
  return workspace;
}

/** The lock of a state in S3: a file beside it. */
export const locks: readonly Assertion<Program>[] = [
  {
    title: 'names the holder of a lock to people, each fact in a line of its own',
    concern: 'conflicts',
    async holds(program) {
      const said = await (await held(program)).run(PLAN);
      expect(said).to.include({ code: 1, stdout: '' });
      expect(said.stderr).to.contain('\nError: Error acquiring the state lock\n');
      expect(unwrapped(said.stderr)).to.contain('StatusCode: 412').and.contain('PreconditionFailed');
      for (const fact of DESCRIPTION) expect(said.stderr.split('\n')).to.include(`  ${fact}`);
    },
  },
  {
    title: 'names the holder of a lock to machines, in one diagnostic',
    concern: 'conflicts',
    async holds(program) {
      const said = await (await held(program)).run([...PLAN, '-json']);
      expect(said.code).to.equal(1);
      const [diagnostic, ...more] = linesOf(said).flatMap((line) => line.diagnostic ?? []);
      expect(more).to.deep.equal([]);
      expect(diagnostic).to.include({ severity: 'error', summary: 'Error acquiring the state lock' });
      for (const fact of DESCRIPTION) expect(diagnostic?.detail.split('\n')).to.include(`  ${fact}`);
    },
  },
  {
    title: 'plans without the lock when it is told to, and leaves it where it is',
    concern: 'conflicts',
    async holds(program) {
      const workspace = await held(program);
      await workspace.ok([...PLAN, '-lock=false']);
      expect((await workspace.run(PLAN)).code).to.equal(1);
    },
  },
  {
    title: 'takes the lock for untaint, too, even where it has nothing to do',
    concern: 'conflicts',
    async holds(program) {
      const said = await (await held(program)).run(['untaint', '-no-color', '-allow-missing', 'terraform_data.probe']);
      expect(said.code).to.equal(1);
      expect(said.stderr).to.contain('Error acquiring the state lock').and.contain(ID);
    },
  },
  {
    title: 'breaks a lock by its id alone, and once',
    concern: 'conflicts',
    async holds(program) {
      const workspace = await held(program);
      const other = await workspace.run(['force-unlock', '-force', '-no-color', 'another']);
      expect(other).to.include({ code: 1, stdout: '' });
      expect(other.stderr).to.contain(`Failed to unlock state: lock ID 'another' does not match the existing lock ID '${ID}'`);
      expect(await workspace.ok(['force-unlock', '-force', '-no-color', ID])).to.contain('Terraform state has been successfully unlocked!');
      const again = await workspace.run(['force-unlock', '-force', '-no-color', ID]);
      expect(again).to.include({ code: 1, stdout: '' });
      expect(again.stderr).to.contain('Failed to unlock state: unable to retrieve file from S3 bucket').and.contain('StatusCode: 404');
      await workspace.ok(PLAN);
    },
  },
];
