import { expect } from 'chai';
import { backendFile, backendOf, stackOf, stackVariables } from '../../../steps/clients/terraform-stack-ref.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';

const RUN = { id: 'drill-1', mode: 'drill', target: 'frankfurt' } as const;

function withBackend(backend: Record<string, string>) {
  return estateWith({ terraform: { ...estateWith().terraform, backend } });
}

describe('the stack of a run', () => {
  it('has the run in the key of its state', () => {
    expect(stackOf(estateWith(), RUN)).to.deep.equal({
      directory: 'terraform',
      stateKey: 'eks-dr/drill-1.tfstate',
      region: 'eu-central-1',
    });
  });

  it('is refused where every recovery would share one state', async () => {
    await failure('estate-invalid', () => stackOf(withBackend({ bucket: 'b', key: 'eks-dr.tfstate' }), RUN));
  });

  it('is refused where the run stands only in what does not tell where the state lies', async () => {
    for (const name of ['dynamodb_table', 'profile', 'workspace_key_prefix']) {
      await failure('estate-invalid', () => stackOf(withBackend({ bucket: 'b', key: 'production.tfstate', [name]: 'x-${run}' }), RUN));
    }
    expect(stackOf(withBackend({ bucket: 'state-${run}', key: 'terraform.tfstate' }), RUN).stateKey).to.equal('state-drill-1');
  });

  it('is refused for a target that the estate does not know', async () => {
    const error = await failure('input-invalid', () => stackOf(estateWith(), { ...RUN, target: 'moon' }));
    expect(error.message).to.contain('frankfurt');
  });

  it('always locks its state in S3', () => {
    expect(backendOf(estateWith(), RUN)).to.include({ use_lockfile: 'true', key: 'eks-dr/drill-1.tfstate' });
    expect(backendOf(withBackend({ bucket: 'b', key: '${run}', dynamodb_table: 'locks' }), RUN)).not.to.have.property('use_lockfile');
    expect(backendOf(withBackend({ path: '/state/${target}/${run}' }), RUN)).to.deep.equal({ path: '/state/frankfurt/drill-1' });
  });

  it('writes its backend as HCL in which nothing is taken for a template', () => {
    expect(backendFile({ key: 'a"b\\c', prefix: 'x${y}%{z}' })).to.equal('key = "a\\"b\\\\c"\nprefix = "x$${y}%%{z}"\n');
  });

  it('refuses a backend argument that is no name', async () => {
    await failure('estate-invalid', () => backendFile({ 'key = "x"\nother': 'y' }));
  });

  it('keeps the tags of the estate, and adds its own', () => {
    const { terraform } = estateWith();
    const estate = estateWith({ terraform: { ...terraform, variables: { tags: { team: 'platform', 'eks-dr:run': 'other' } } } });
    expect(stackVariables(estate, RUN).tags).to.deep.equal({ team: 'platform', 'eks-dr:run': 'drill-1', 'eks-dr:scope': 'drill' });
  });
});
