import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { APPLY, nameStack, PLAN, type Program, unwrapped } from './subject.ts';

/** What can be read from a state. */
export const state: readonly Assertion<Program>[] = [
  {
    title: 'shows a state as JSON: outputs with type and value, resources with values and what they depend on',
    concern: 'reads',
    async holds(program) {
      const { workspace } = await program.applied();
      const shown = JSON.parse(await workspace.ok(['show', '-json']));
      expect(shown.format_version).to.equal('1.0');
      expect(shown.terraform_version).to.match(/^1\.11\.\d+$/);
      expect(shown.values.outputs.cluster_name).to.deep.equal({ sensitive: false, value: 'shop', type: 'string' });
      const { resources } = shown.values.root_module;
      for (const resource of resources) {
        expect(resource).to.include.keys(
          'address',
          'mode',
          'type',
          'name',
          'provider_name',
          'schema_version',
          'values',
          'sensitive_values',
        );
        expect(resource.values.id).to.be.a('string');
      }
      expect(resources.some(({ depends_on: depends = [] }: { depends_on?: string[] }) => depends.length > 0)).to.equal(true);
    },
  },
  {
    title: 'shows nothing but the format where there is no state yet',
    concern: 'not found',
    async holds(program) {
      const { workspace } = await program.planned();
      expect(JSON.parse(await workspace.ok(['show', '-json']))).to.deep.equal({ format_version: '1.0' });
      expect(JSON.parse(await workspace.ok(['output', '-json']))).to.deep.equal({});
    },
  },
  {
    title: 'lists no state where there is none, and pulls an empty one without a lineage',
    concern: 'not found',
    async holds(program) {
      const { workspace } = await program.planned();
      const listed = await workspace.run(['state', 'list']);
      expect(listed).to.include({ code: 1, stdout: '' });
      expect(listed.stderr).to.contain('No state file was found!');
      const pulled = JSON.parse(await workspace.ok(['state', 'pull']));
      expect(pulled).to.deep.include({ version: 4, serial: 0, lineage: '', outputs: {}, resources: [] });
    },
  },
  {
    title: 'lists the addresses of a state line by line, sorted',
    concern: 'reads',
    async holds(program) {
      const { workspace } = await program.applied();
      const addresses = (await workspace.ok(['state', 'list'])).trimEnd().split('\n');
      expect(addresses).to.have.length.above(2);
      expect(addresses).to.deep.equal(addresses.toSorted());
    },
  },
  {
    title: 'pulls the state of version 4, with serial and lineage',
    concern: 'reads',
    async holds(program) {
      const { workspace } = await program.applied();
      const pulled = JSON.parse(await workspace.ok(['state', 'pull']));
      expect(pulled).to.deep.include({ version: 4, check_results: null });
      expect(pulled.serial).to.be.at.least(1);
      expect(pulled.lineage).to.match(/^[0-9a-f-]{36}$/);
      expect(pulled.outputs.cluster_name).to.deep.equal({ value: 'shop', type: 'string' });
      for (const resource of pulled.resources) {
        expect(resource).to.include({ mode: 'managed' });
        expect(resource.provider).to.match(/^provider\["[^"]+"\]$/);
        for (const instance of resource.instances) expect(instance).to.include.keys('schema_version', 'attributes', 'sensitive_attributes');
      }
    },
  },
  {
    title: 'gives outputs as JSON, one as JSON, and one as it is',
    concern: 'reads',
    async holds(program) {
      const { workspace } = await program.applied();
      const all = JSON.parse(await workspace.ok(['output', '-json']));
      expect(all.cluster_name).to.deep.equal({ sensitive: false, type: 'string', value: 'shop' });
      expect(await workspace.ok(['output', '-json', 'cluster_name'])).to.equal('"shop"\n');
      expect(await workspace.ok(['output', '-raw', 'cluster_name'])).to.equal('shop');
    },
  },
  {
    title: 'has no output of another name; where there is none at all, it warns and ends with 0',
    concern: 'not found',
    async holds(program) {
      const { workspace } = await program.applied();
      const missing = await workspace.run(['output', '-no-color', 'nothing']);
      expect(missing.code).to.equal(1);
      expect(missing.stderr).to.contain('Error: Output "nothing" not found');
      const { workspace: empty } = await program.planned();
      expect(unwrapped(await empty.ok(['output', '-no-color', 'nothing']))).to.contain('Warning: No outputs found');
    },
  },
  {
    title: 'keeps what an interrupt found in creation as tainted, to be replaced until it is untainted, which succeeds once',
    concern: 'consistency',
    async holds(program) {
      const workspace = await program.initialised();
      await nameStack(workspace.folder, 'tainted', { sleep: '60' });
      await workspace.run(PLAN);
      await workspace.run(APPLY, { pattern: program.inHand, act: (kill) => kill('SIGINT') });
      const { values } = JSON.parse(await workspace.ok(['show', '-json']));
      const resources: { address: string; tainted?: boolean }[] = values.root_module.resources;
      const [tainted, ...others] = resources.filter((resource) => resource.tainted === true);
      if (tainted === undefined) throw new Error('nothing is tainted');
      expect(others).to.deep.equal([]);
      const { address } = tainted;
      const planned = async () => {
        await workspace.run(PLAN);
        const { resource_changes: changes } = JSON.parse(await workspace.ok(['show', '-json', 'run.tfplan']));
        return changes.find((change: { address: string }) => change.address === address);
      };

      const replacing = await planned();
      expect(replacing).to.include({ action_reason: 'replace_because_tainted' });
      expect(replacing.change.actions).to.deep.equal(['delete', 'create']);

      const said = await workspace.ok(['untaint', '-no-color', address]);
      expect(unwrapped(said)).to.contain(`Resource instance ${address} has been successfully untainted.`);
      const keeping = await planned();
      expect(keeping.change.actions).to.deep.equal(['no-op']);
      expect(keeping).to.not.have.property('action_reason');

      const again = await workspace.run(['untaint', '-no-color', address]);
      expect(again.code).to.equal(1);
      expect(unwrapped(again.stderr)).to.contain('is not currently tainted, and so it cannot be untainted');
    },
  },
  {
    title: 'untaints what is not there only when that may be missing',
    concern: 'not found',
    async holds(program) {
      const { workspace } = await program.applied();
      const allowed = await workspace.ok(['untaint', '-no-color', '-allow-missing', 'terraform_data.probe']);
      expect(unwrapped(allowed)).to.contain('Warning: No such resource instance').and.contain('because -allow-missing was set');
      const refused = await workspace.run(['untaint', '-no-color', 'terraform_data.probe']);
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.contain('Error: No such resource instance');
    },
  },
];
