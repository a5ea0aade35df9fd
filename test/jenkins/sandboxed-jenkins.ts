import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { generateFromEstate } from '../../pipeline/jenkins/from-estate.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { steps } from '../../steps/index.ts';
import { built } from '../built.ts';
import { exampleFolder, type ServedWorld, type Speed, serveWorld } from '../stages/served-world.ts';
import { createJenkins, type Jenkins } from './jenkins.ts';

const root = join(import.meta.dirname, '..', '..');

export interface SandboxedJenkins {
  readonly jenkins: Jenkins;
  readonly served: ServedWorld;
  /** The secrets that agents get by credentials only. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

export interface SandboxedOptions {
  readonly services: 'all' | 'small';
  readonly speed: Speed;
  /** Changes the estate file of the example before the repository is generated from it. */
  readonly editEstate?: (text: string) => string;
  readonly administrators?: readonly string[];
}

// Of the machine that serves the world: what lies there must not reach an agent, nor what is told of the estate.
const notOnAgents = ['XDG_CACHE_HOME', 'EKS_DR_ESTATE_FOLDER', 'HOME', 'TMPDIR'];

/** A Jenkins with the repository that is generated from the example estate, whose agents reach a sandbox, and secrets by credentials only. */
export async function startSandboxedJenkins(options: SandboxedOptions): Promise<SandboxedJenkins> {
  const { services, speed, editEstate = (text) => text, administrators = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-jenkins-world-'));
  const repository = join(folder, 'repository');
  await generateRepository(repository, join(folder, 'estate'), editEstate);
  const served = await serveWorld({ folder, world: shopWorld({ services }), speed, root });
  const { environment: all } = served.place;
  const variables = await credentialVariables(repository);
  const hidden = new Set([...notOnAgents, ...variables.values()]);
  const environment = Object.fromEntries(Object.entries(all).filter(([name]) => !hidden.has(name)));
  const credentials = Object.fromEntries([...variables].map(([id, variable]) => [id, all[variable] ?? '']));
  const jenkins = await createJenkins({ repository, environment, credentials, administrators });
  return {
    jenkins,
    served,
    secrets: Object.values(credentials),
    async stop() {
      await served.stop();
      await jenkins.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function generateRepository(out: string, estate: string, edit: (text: string) => string): Promise<void> {
  await cp(exampleFolder(root), estate, { recursive: true });
  const estateFile = join(estate, 'eks-dr.yaml');
  await writeFile(estateFile, edit(await readFile(estateFile, 'utf8')));
  const dist = dirname(dirname(await built('steps/report.js')));
  await generateFromEstate({ estateFile, steps, dist, out, check: false, tool: 'eks-dr' });
}

/** Which credential fills which variable, as the administrator reads it in what is generated for Configuration as Code. */
async function credentialVariables(repository: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(repository, 'casc', 'credentials.yaml'), 'utf8');
  const { credentials } = parse(text) as {
    readonly credentials: {
      readonly system: {
        readonly domainCredentials: readonly {
          readonly credentials: readonly { readonly string: { readonly id: string; readonly secret: string } }[];
        }[];
      };
    };
  };
  const entries = credentials.system.domainCredentials.flatMap((domain) => domain.credentials.map(({ string }) => string));
  return new Map(entries.map(({ id, secret }) => [id, secret.replace(/^\$\{(\w+)\}$/, '$1')]));
}
