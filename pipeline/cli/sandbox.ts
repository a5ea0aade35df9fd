import { resolve } from 'node:path';
import type { Port } from '../../sandbox/system.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { interruptible } from '../runner/interrupt.ts';
import { defineCommand } from './command.ts';
import { sandboxEnvironment } from './sandbox-environment.ts';

const PORTS: readonly Port[] = ['aws', 'kubernetes', 'argocd', 'gitlab', 'vault', 'control'];

export const sandboxCommand = defineCommand({
  name: 'sandbox',
  summary: 'Serve simulated remote systems on loopback until Ctrl-C: AWS, Kubernetes, Argo CD, GitLab',
  examples: [
    ['sandbox --world small > env.sh', 'in a second shell: . ./env.sh, then eks-dr run --mode drill ...'],
    ['sandbox --world shop --file world.json --scale 40', 'keep the world in a file; its time runs 40 times as fast'],
  ],
  options: {
    world: { choices: ['shop', 'small'] as const, requiresArg: true, default: 'small' as const, describe: 'shop: 150 services; small: 6' },
    file: { type: 'string', requiresArg: true, describe: 'Where the world is kept; one that is there already goes on' },
    scale: {
      type: 'string',
      requiresArg: true,
      default: '40',
      describe: 'How many times as fast as the real one its time runs (1 to 1000)',
    },
    ports: {
      type: 'string',
      requiresArg: true,
      describe: `Fixed ports, such as aws=4566,gitlab=8080 (of ${PORTS.join(', ')}; default: any that is free)`,
    },
    json: { type: 'boolean', default: false, describe: 'Print the environment as one line of JSON' },
  },
  async run(args, io) {
    const scale = parseScale(args.scale);
    const ports = parsePorts(args.ports);
    // Loaded only here: nothing else that eks-dr does needs a sandbox.
    const [{ startFullSandbox }, { shopWorld }] = await Promise.all([
      import('../../sandbox/start.ts'),
      import('../../sandbox/worlds/shop.ts'),
    ]);
    const world = shopWorld({ services: args.world === 'shop' ? 'all' : 'small' });
    const running = await startFullSandbox({
      world,
      scale,
      ports,
      ...(args.file === undefined ? {} : { worldFile: resolve(args.file) }),
    }).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new EksDrError('conflict', {
        message: `The sandbox did not start: ${message}`,
        remedy: 'Free the port, or name others with --ports.',
        cause,
      });
    });
    await interruptible(
      async (signal) => {
        const environment = sandboxEnvironment({
          clients: running.environment,
          control: running.addresses.control,
          scale,
          stepsFolder: io.stepsFolder,
          path: io.environment.PATH,
        });
        io.stdout.write(args.json ? `${JSON.stringify(environment)}\n` : shellText(environment));
        io.stderr.write(`The sandbox serves ${args.world} at ${scale} times the speed; Ctrl-C ends it.\n`);
        if (!signal.aborted) await new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }));
        await running.stop();
      },
      () => undefined,
    );
    return 0;
  },
});

function shellText(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

function parseScale(text: string): number {
  const scale = Number(text);
  if (Number.isFinite(scale) && scale >= 1 && scale <= 1000) return scale;
  throw new EksDrError('bad-usage', { message: `--scale takes a number from 1 to 1000, not "${text}".`, target: '--scale' });
}

function parsePorts(text: string | undefined): Partial<Record<Port, number>> {
  if (text === undefined) return {};
  const pairs = text.split(',').map((pair): [Port, number] => {
    const [name = '', number = ''] = pair.split('=');
    const port = PORTS.find((each) => each === name.trim());
    if (port !== undefined && /^\d{1,5}$/.test(number) && Number(number) <= 65535) return [port, Number(number)];
    throw new EksDrError('bad-usage', { message: `--ports takes NAME=NUMBER (of ${PORTS.join(', ')}), not "${pair}".`, target: '--ports' });
  });
  return Object.fromEntries(pairs);
}
