import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { APPLY, linesOf, nameStack, PLAN, type Program, type Workspace } from './subject.ts';

async function keysIn({ s3, bucket }: Workspace): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key);
}

async function lockIn({ s3, bucket, key }: Workspace): Promise<Record<string, string>> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
  return JSON.parse((await Body?.transformToString()) ?? '');
}

/** What apply says and leaves. */
export const applying: readonly Assertion<Program>[] = [
  {
    title: 'tells machines of an apply line by line: the changes, each start and end, the counts, the outputs',
    concern: 'writes',
    async holds(program) {
      const { said } = await program.applied();
      expect(said.code, said.stdout).to.equal(0);
      const lines = linesOf(said);
      const of = (wanted: string) => lines.filter(({ type }) => type === wanted);
      const count = of('planned_change').length;
      expect(count).to.be.above(2);
      expect(of('apply_start')).to.have.length(count);
      for (const line of of('apply_complete')) {
        const { hook } = line as unknown as { hook: { resource: { addr: string }; action: string; id_value: string } };
        expect(hook.action).to.equal('create');
        expect(line['@message']).to.match(/: Creation complete after [\dms]+ \[id=.+\]$/);
        expect(line['@message']).to.contain(hook.id_value).and.contain(hook.resource.addr);
      }
      const [summary] = of('change_summary');
      expect(summary?.['@message']).to.equal(`Apply complete! Resources: ${count} added, 0 changed, 0 destroyed.`);
      expect(summary?.changes).to.deep.equal({ add: count, change: 0, import: 0, remove: 0, operation: 'apply' });
      expect(of('outputs')[0]?.outputs).to.deep.include({ cluster_name: { sensitive: false, type: 'string', value: 'shop' } });
    },
  },
  {
    title: 'leaves the state alone behind: the lock is given back',
    concern: 'writes',
    async holds(program) {
      const { workspace } = await program.applied();
      expect(await keysIn(workspace)).to.deep.equal([workspace.key]);
    },
  },
  {
    title: 'applies no plan twice: it is stale',
    concern: 'conflicts',
    async holds(program) {
      const { workspace } = await program.applied();
      const again = await workspace.run(['apply', '-input=false', '-no-color', 'run.tfplan']);
      expect(again.code).to.equal(1);
      expect(again.stderr).to.contain('Error: Saved plan is stale');
    },
  },
  {
    title: 'changes no variable of a saved plan',
    concern: 'validation',
    async holds(program) {
      const { workspace } = await program.planned();
      const said = await workspace.run(['apply', '-input=false', '-no-color', '-var=cluster_name=other', 'run.tfplan']);
      expect(said.code).to.equal(1);
      expect(said.stderr).to.contain("Error: Can't change variable when applying a saved plan");
    },
  },
  {
    title: 'applies for machines a saved plan only, or what is approved beforehand',
    concern: 'validation',
    async holds(program) {
      const { workspace } = await program.planned();
      const said = await workspace.run(['apply', '-input=false', '-json', '-var-file=run.tfvars.json']);
      expect(said.code).to.equal(1);
      expect(linesOf(said).flatMap(({ diagnostic }) => diagnostic?.summary ?? [])).to.deep.equal(['Plan file or auto-approve required']);
    },
  },
  {
    title: 'asks nobody where there is nothing to change',
    concern: 'writes',
    async holds(program) {
      const { workspace } = await program.applied();
      const said = await workspace.run(['apply', '-input=false', '-no-color', '-var-file=run.tfvars.json']);
      expect(said.code, said.stderr).to.equal(0);
      expect(said.stdout).to.contain('Apply complete! Resources: 0 added, 0 changed, 0 destroyed.');
    },
  },
  {
    title: 'ends with 1 on an interrupt, keeps what it has made, gives the lock back, and has the rest to do',
    concern: 'consistency',
    async holds(program) {
      const workspace = await program.initialised();
      await nameStack(workspace.folder, 'slow', { sleep: '60' });
      expect((await workspace.run(PLAN)).code).to.equal(2);
      const said = await workspace.run(APPLY, { pattern: program.inHand, act: (kill) => kill('SIGINT') });
      expect(said.code).to.equal(1);
      expect(said.stdout).to.contain('Interrupt received.').and.contain('Gracefully shutting down...');
      expect(linesOf(said).some(({ diagnostic }) => diagnostic?.severity === 'error')).to.equal(true);
      expect(await keysIn(workspace)).to.deep.equal([workspace.key]);
      expect(await workspace.ok(['state', 'list']))
        .to.match(/vpc/)
        .and.not.match(/node_group|data\.node/);
      expect((await workspace.run(PLAN)).code).to.equal(2);
    },
  },
  {
    title: 'says in its lock file who holds the lock, since when and for what',
    concern: 'reads',
    async holds(program) {
      const workspace = await program.initialised();
      await nameStack(workspace.folder, 'held', { sleep: '60' });
      await workspace.run(PLAN);
      let lock: Promise<Record<string, string>> | undefined;
      const act = (kill: (signal: NodeJS.Signals) => void): void => {
        lock = lockIn(workspace).finally(() => kill('SIGINT'));
      };
      await workspace.run(APPLY, { pattern: program.inHand, act });
      const info = (await lock) ?? {};
      expect(info).to.have.all.keys('ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path');
      expect(info).to.include({ Operation: 'OperationTypeApply', Info: '', Path: `${workspace.bucket}/${workspace.key}` });
      expect(info.ID).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(info.Who).to.match(/^.+@.+$/);
      expect(info.Created).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z$/);
      expect(info.Version).to.match(/^1\.11\.\d+$/);
    },
  },
  {
    title: 'destroys by a plan of its own kind, and leaves an empty state',
    concern: 'writes',
    async holds(program) {
      const workspace = await program.initialised();
      await nameStack(workspace.folder, 'gone');
      await workspace.ok(['apply', '-input=false', '-json', '-auto-approve', '-var-file=run.tfvars.json']);
      await workspace.ok(['plan', '-input=false', '-no-color', '-destroy', '-out=run.tfplan', '-var-file=run.tfvars.json']);
      const plan = JSON.parse(await workspace.ok(['show', '-json', 'run.tfplan']));
      for (const { change } of plan.resource_changes)
        expect(change).to.deep.include({ actions: ['delete'], after: null, after_unknown: {} });
      expect(plan.output_changes.cluster_name).to.deep.include({ actions: ['delete'], before: 'gone', after: null });
      const count = plan.resource_changes.length;
      const said = linesOf({ stdout: await workspace.ok(APPLY) });
      const [summary] = said.filter(({ type }) => type === 'change_summary');
      expect(summary?.changes).to.deep.include({ add: 0, change: 0, remove: count });
      expect(JSON.parse(await workspace.ok(['show', '-json']))).to.deep.equal({ format_version: '1.0' });
      expect(await workspace.ok(['state', 'list'])).to.equal('');
    },
  },
];
