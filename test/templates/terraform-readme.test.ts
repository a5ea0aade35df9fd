import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { estate } from '../../steps/estate/estate.ts';
import { estateWith } from '../steps/context.ts';

const folder = join(import.meta.dirname, '..', '..', 'templates', 'terraform');

interface Declared {
  readonly name: string;
  readonly description: string;
  readonly fallback: string | null;
}

/** The variables or outputs that a file declares, formatted as `terraform fmt` does. */
async function declared(kind: 'variable' | 'output', file: string): Promise<Declared[]> {
  const text = await readFile(join(folder, file), 'utf8');
  return [...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\\n([\\s\\S]*?)^\\}`, 'gm'))].map(([, name = '', body = '']) => ({
    name,
    description: /description\s+= "(.*)"/.exec(body)?.[1] ?? '',
    fallback: /default\s+= (.*)/.exec(body)?.[1] ?? null,
  }));
}

/** The rows of a section's table, as written. */
function rows(readme: string, section: string): string[] {
  const [, text = ''] = readme.split(`\n## ${section}\n`);
  return (text.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
}

describe('the README of the reference stack', () => {
  it('has every variable with its meaning and default, and every output, as the module declares them', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const variables = await declared('variable', 'variables.tf');
    const outputs = await declared('output', 'outputs.tf');
    expect(variables.length).to.be.greaterThan(10);
    expect(rows(readme, 'Variables')).to.deep.equal(
      variables.map(
        ({ name, description, fallback }) => `| \`${name}\` | ${description} | ${fallback === null ? 'required' : `\`${fallback}\``} |`,
      ),
    );
    expect(rows(readme, 'Outputs')).to.deep.equal(outputs.map(({ name, description }) => `| \`${name}\` | ${description} |`));
  });

  it('requires no variable but those that EKS-DR fills by their default names', async () => {
    const { variableNames, outputs } = estate.shape.terraform.parse({ directory: 'x', backend: {} });
    const required = (await declared('variable', 'variables.tf')).filter(({ fallback }) => fallback === null).map(({ name }) => name);
    expect(required).to.have.members(Object.values(variableNames));
    expect((await declared('output', 'outputs.tf')).map(({ name }) => name)).to.include.members([
      outputs.clusterName,
      estateWith().addons.karpenter?.interruptionQueueOutput,
    ]);
  });
});
