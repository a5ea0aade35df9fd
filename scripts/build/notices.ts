import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of all packages of which something was bundled. Throws when one of them has neither a licence text nor a licence field. */
export async function noticesText(root: string, inputs: readonly string[]): Promise<string> {
  const folders = [...new Set(inputs.flatMap((path) => packageFolder(path) ?? []))].toSorted();
  const sections = await Promise.all(folders.map((folder) => section(root, folder)));
  const head = 'EKS-DR contains software of others, under the licences below.\n';
  return [head, ...new Set(sections)].join(`\n${'-'.repeat(78)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` -> `node_modules/a/node_modules/@b/c`. */
function packageFolder(path: string): string | undefined {
  return /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

async function section(root: string, folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Record<
    string,
    string | undefined
  >;
  const names = (await readdir(join(root, folder))).filter((file) => /^(licen[sc]e|copying|notice)/i.test(file)).toSorted();
  if (license === undefined && names.length === 0) throw new Error(`${folder} has no licence; it may not be bundled.`);
  const texts = await Promise.all(names.map((file) => readFile(join(root, folder, file), 'utf8')));
  return [
    `${name} ${version}\nLicence: ${license ?? 'see below'}\n`,
    ...texts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`),
  ].join('\n');
}
