import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { RunningSandbox } from '../sandbox/server.ts';
import { startFullSandbox } from '../sandbox/start.ts';
import { shopWorld } from '../sandbox/worlds/shop.ts';
import { renderContext } from '../steps/merge-request/render-context.ts';
import { render } from '../steps/rendering/render.ts';
import { targetOf } from '../steps/target.ts';
import { estateWith, runWith } from './steps/context.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...readme.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block]) => (block ?? '').trim().split(/\n\s*/));

describe('the README', () => {
  it('shows npm commands that CI runs, all of them and in this order', () => {
    const ci = readFileSync(join(root, '.ci', 'run'), 'utf8');
    const run = [...ci.matchAll(/^run (npm .*)$/gm)].map(([, command]) => command);
    expect(run).to.deep.equal(commands.filter((command) => command.startsWith('npm ')));
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links).to.not.have.lengthOf(0);
    expect(links.filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
  });

  it('shows what rendering makes of a template', () => {
    const diff = /^ *```diff\n([\s\S]*?)^ *```$/m.exec(readme)?.[1] ?? '';
    const lines = diff.split('\n').map((line) => line.slice(3));
    const side = (sign: string): string => {
      const kept = lines.filter((line) => line.startsWith(' ') || line.startsWith(sign)).map((line) => line.slice(1));
      return ['apiVersion: argoproj.io/v1alpha1', 'kind: Application', ...kept, ''].join('\n');
    };
    const run = runWith({ id: 'recover-1', mode: 'recover' });
    const images = ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart-api:1.8.4'];
    const cart = { name: 'cart-api', images, liveSources: [] };
    const estate = estateWith();
    const context = renderContext({ ...estate, argocd: { ...estate.argocd, projects: ['default'] } }, run, {
      inventory: { services: [cart] },
      target: targetOf(estate, run),
      applications: new Set(['cart-api']),
    });
    const { files } = render([{ path: 'cart-api.yaml', text: side('-') }], { ...context, sourceTypes: {} });
    expect(files.map(({ text }) => text)).to.deep.equal([side('+')]);
  });

  describe('the commands of adopting it', () => {
    let sandbox: RunningSandbox;
    let folder: string;
    before(async () => {
      sandbox = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: 40 });
      folder = await mkdtemp(join(tmpdir(), 'eks-dr-readme-'));
      await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    });
    after(async () => {
      await sandbox.stop();
      await rm(folder, { recursive: true });
    });

    for (const command of commands.filter((line) => !line.startsWith('npm '))) {
      it(`can be run: ${command}`, async () => {
        const [program, entry, ...args] = command.split(' ');
        expect(program, 'only the compiled program is run here').to.equal('node');
        const { PATH = '' } = process.env;
        const child = spawn(process.execPath, [join(root, entry ?? ''), ...args], {
          cwd: folder,
          stdio: ['ignore', 'ignore', 'pipe'],
          env: {
            ...process.env,
            ...sandbox.environment,
            PATH: `${join(root, 'dist', 'sandbox', 'bin')}:${dirname(process.execPath)}:${PATH}`,
            EKS_DR_CLOCK_SCALE: '40',
            EKS_DR_DIGEST_KEY: 'a key for the test',
            NEW_RELIC_LICENSE_KEY: 'a licence for the test',
          },
        });
        let said = '';
        child.stderr.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
        const [status] = (await once(child, 'exit')) as [number | null];
        expect(status, said).to.equal(0);
      });
    }
  });
});
