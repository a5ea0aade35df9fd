import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EksDrError } from './kit/errors.ts';
import type { Json } from './kit/json.ts';

/** Renders a template of templates/ with Handlebars. Texts are put in as they are: none of ours is HTML. */
export async function renderTemplate(name: string, values: object): Promise<string> {
  const { default: Handlebars } = await import('handlebars');
  return Handlebars.compile(await readTemplate(name), { noEscape: true, strict: true })(values);
}

/** The same for a YAML template: each fact is put in as JSON, so that no text can break out of its place. */
export function renderYaml(name: string, facts: Readonly<Record<string, Json>>): Promise<string> {
  return renderTemplate(name, Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, JSON.stringify(value)])));
}

/** A JSON template whose facts stand within texts: names and ARNs, which hold nothing that JSON would have to escape. */
export async function renderJson(name: string, facts: Readonly<Record<string, string>>): Promise<Json> {
  return JSON.parse(await renderTemplate(name, facts)) as Json;
}

async function readTemplate(name: string): Promise<string> {
  const path = templatePath(name);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EksDrError('input-unreadable', { message: `The template ${name} cannot be read.`, target: path, cause });
  });
}

/** Where a file or folder of templates/ is. That lies above this file: in the sources and, copied there, among what is compiled. */
export function templatePath(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'templates', name);
    if (existsSync(path)) return path;
  }
  throw new EksDrError('bug', { message: `There is no templates/${name} above ${start}.`, remedy: 'Install EKS-DR again.' });
}
