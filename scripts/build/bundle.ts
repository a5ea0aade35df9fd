import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

export interface BundledFile {
  /** Relative to dist/. */
  readonly path: string;
  readonly contents: Uint8Array;
}

export interface Bundled {
  readonly files: readonly BundledFile[];
  /** Every source file that went in, relative to the root. */
  readonly inputs: readonly string[];
}

// Packages in CommonJS find require and their own file as globals, which ES modules do not have.
const COMMONJS = { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' };
const REQUIRE = "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);\n";

/**
 * Two bundles that share nothing: what travels to Jenkins (every step, what Jenkins calls) and what stays (the command line, the sandbox).
 * The same sources give the same bytes.
 */
export async function bundle(root: string): Promise<Bundled> {
  const [{ steps }, { looks }] = await Promise.all([import('../../steps/index.ts'), import('../../steps/looks.ts')]);
  const optional = (path: string, out: string) => (existsSync(join(root, path)) ? [{ in: join(root, path), out }] : []);
  const stepEntries = [...steps, ...looks].map(({ id }) => ({ in: `step:${id}`, out: `steps/${id}` }));
  const parts = [
    await bundlePart(root, [...stepEntries, ...optional('pipeline/jenkins/state-entry.ts', 'jenkins/state')], 'steps/chunk'),
    await bundlePart(
      root,
      [{ in: join(root, 'pipeline/eks-dr.ts'), out: 'eks-dr' }, ...optional('sandbox/terraform/main.ts', 'sandbox/terraform')],
      'chunks/chunk',
    ),
  ];
  return { files: parts.flatMap(({ files }) => files), inputs: [...new Set(parts.flatMap(({ inputs }) => inputs))] };
}

async function bundlePart(root: string, entryPoints: Exclude<BuildOptions['entryPoints'], undefined>, chunk: string): Promise<Bundled> {
  const outdir = join(root, 'dist');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    chunkNames: `${chunk}-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Names of functions and classes stand in stack traces. Leaving identifiers long costs a few bytes; esbuild's way to
    // keep short ones readable (keepNames) costs a call for each function at every start.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    define: COMMONJS,
    metafile: true,
    write: false,
    plugins: [stepEntry(root), ownPackage(root)],
  });
  return {
    files: outputFiles.map(({ path, text }) => ({ path: relative(outdir, path), contents: Buffer.from(withRequire(text)) })),
    inputs: Object.keys(metafile.inputs),
  };
}

/** esbuild has one helper that looks for require; a step loads dozens of files and would pay for it in each of them. */
function withRequire(text: string): string {
  return /\btypeof require\b/.test(text) ? text.replace(/^(#!.*\n)?/, (shebang) => shebang + REQUIRE) : text;
}

/** `step:<id>`: the program that a step becomes. A step's export has its id as its name, in camel case. */
function stepEntry(root: string): Plugin {
  return {
    name: 'step-entry',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^step:/ }, ({ path }) => ({ path: path.slice('step:'.length), namespace: 'step' }));
      onLoad({ filter: /.*/, namespace: 'step' }, ({ path: id }) => {
        const name = id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        const contents = `import { main } from './steps/main.ts';\nimport { ${name} } from './steps/${id}.ts';\nawait main(${name});\n`;
        return { contents, loader: 'ts', resolveDir: root };
      });
    },
  };
}

/** Of our package.json only what the program tells of itself: another script in it must not make another bundle. */
function ownPackage(root: string): Plugin {
  return {
    name: 'own-package',
    setup({ onLoad }) {
      onLoad({ filter: /package\.json$/ }, async ({ path }) => {
        if (path !== join(root, 'package.json')) return null;
        const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
        return { contents: JSON.stringify({ name, version }), loader: 'json' };
      });
    },
  };
}
