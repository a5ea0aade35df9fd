import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { linesOf, type Program } from './subject.ts';

interface Change {
  readonly address: string;
  readonly mode: string;
  readonly change: { readonly actions: string[]; readonly before: unknown; readonly after: object | null; readonly after_unknown: object };
}

/** The plan as `show -json` prints it. */
async function shown(program: Program) {
  const { workspace } = await program.planned();
  return JSON.parse(await workspace.ok(['show', '-json', 'run.tfplan']));
}

/** What plan says and what stands in a plan. */
export const planning: readonly Assertion<Program>[] = [
  {
    title: 'ends plan with 2 for changes and 0 for none under -detailed-exitcode',
    concern: 'reads',
    async holds(program) {
      const { said } = await program.planned();
      expect(said.code, said.stderr).to.equal(2);
      const { workspace } = await program.applied();
      const again = await workspace.run(['plan', '-input=false', '-no-color', '-detailed-exitcode', '-var-file=run.tfvars.json']);
      expect(again.code, again.stderr).to.equal(0);
      expect(again.stdout).to.contain('No changes.');
    },
  },
  {
    title: 'tells machines of a plan line by line: its version, each change, the counts, the outputs',
    concern: 'reads',
    async holds(program) {
      const { said } = await program.planned();
      const lines = linesOf(said);
      expect(lines[0]).to.deep.include({ type: 'version', '@level': 'info', '@module': 'terraform.ui', ui: '1.2' });
      const changes = lines.filter(({ type }) => type === 'planned_change');
      expect(changes).to.have.length.above(2);
      for (const line of changes) {
        const { change } = line as unknown as { change: { action: string; resource: { addr: string; resource_type: string } } };
        expect(change.action).to.equal('create');
        expect(line['@message']).to.equal(`${change.resource.addr}: Plan to create`);
        expect(change.resource).to.include.keys('module', 'implied_provider', 'resource_type', 'resource_name', 'resource_key');
      }
      const [summary] = lines.filter(({ type }) => type === 'change_summary');
      expect(summary?.changes).to.deep.equal({ add: changes.length, change: 0, import: 0, remove: 0, operation: 'plan' });
      expect(lines.at(-1)).to.deep.include({ type: 'outputs' });
      expect(lines.at(-1)?.outputs).to.deep.include({ vpc_id: { sensitive: false, action: 'create' } });
    },
  },
  {
    title: 'shows the changes of a plan as JSON: actions, before, what is known after, and what is not yet',
    concern: 'reads',
    async holds(program) {
      const plan = await shown(program);
      expect(plan.format_version).to.match(/^1\.\d+$/);
      expect(plan).to.include({ applyable: true, complete: true, errored: false });
      const changes = plan.resource_changes as Change[];
      expect(changes).to.have.length.above(2);
      expect(changes.map(({ address }) => address)).to.deep.equal(changes.map(({ address }) => address).toSorted());
      for (const { mode, change } of changes) {
        expect(mode).to.equal('managed');
        expect(change).to.deep.include({ actions: ['create'], before: null });
        expect(change.after).to.be.an('object');
        expect(change.after_unknown).to.include({ id: true });
      }
    },
  },
  {
    title: 'shows the outputs of a plan: with their value, or as unknown without one',
    concern: 'reads',
    async holds(program) {
      const { output_changes: changes, planned_values: planned } = await shown(program);
      const marks = { before_sensitive: false, after_sensitive: false };
      expect(changes.cluster_name).to.deep.equal({ actions: ['create'], before: null, after: 'shop', after_unknown: false, ...marks });
      expect(changes.vpc_id).to.deep.equal({ actions: ['create'], before: null, after_unknown: true, ...marks });
      expect(planned.outputs.cluster_name).to.deep.equal({ sensitive: false, type: 'string', value: 'shop' });
      expect(planned.outputs.vpc_id).to.deep.equal({ sensitive: false });
    },
  },
  {
    title: 'shows the value of every variable in a plan, of sensitive ones and defaults too, and which are sensitive elsewhere',
    concern: 'reads',
    async holds(program) {
      const { variables, configuration } = await shown(program);
      expect(variables).to.deep.include({ cluster_name: { value: 'shop' }, password: { value: 'correct-horse' } });
      expect(configuration.root_module.variables.password).to.include({ sensitive: true });
      expect(configuration.root_module.variables.cluster_name).not.to.have.property('sensitive');
    },
  },
  {
    title: 'names every variable without a value',
    concern: 'validation',
    async holds(program) {
      const { workspace } = await program.planned();
      const said = await workspace.run(['plan', '-input=false', '-json']);
      expect(said.code).to.equal(1);
      const diagnostics = linesOf(said).flatMap(({ diagnostic }) => diagnostic ?? []);
      expect(new Set(diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`))).to.deep.equal(
        new Set(['error: No value for required variable']),
      );
      const names = diagnostics.map(({ detail }) => /input variable "(\w+)" is not set/.exec(detail)?.[1]);
      expect(names).to.have.members(['cluster_name', 'region', 'kubernetes_version', 'tags']);
    },
  },
  {
    title: 'refuses an unknown variable on the command line, and warns of one in a file',
    concern: 'validation',
    async holds(program) {
      const { workspace } = await program.planned();
      const plan = ['plan', '-input=false', '-no-color', '-lock=false', '-var-file=run.tfvars.json'];
      const refused = await workspace.run([...plan, '-var=colour=red']);
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.contain('Error: Value for undeclared variable');
      await writeFile(join(workspace.folder, 'more.tfvars.json'), JSON.stringify({ colour: 'red' }));
      const warned = await workspace.run([...plan, '-var-file=more.tfvars.json']);
      expect(warned.code, warned.stderr).to.equal(0);
      expect(warned.stdout).to.contain('Warning: Value for undeclared variable');
    },
  },
  {
    title: 'tells a file that is no plan from one that is not there',
    concern: 'not found',
    async holds(program) {
      const { workspace } = await program.planned();
      const show = await workspace.run(['show', '-no-color', '-json', 'main.tf']);
      expect(show).to.include({ code: 1, stdout: '' });
      expect(show.stderr).to.contain('Error: Failed to read the given file as a state or plan file').and.contain('zip: not a valid zip');
      const apply = await workspace.run(['apply', '-input=false', '-no-color', 'nothing.tfplan']);
      expect(apply.code).to.equal(1);
      expect(apply.stderr).to.contain('Failed to load "nothing.tfplan" as a plan file').and.contain('no such file or directory');
    },
  },
];
