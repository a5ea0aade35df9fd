import { readFile } from 'node:fs/promises';
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

/** templates/ lies beside the folder of this file: in the sources and, copied there, in the compiled steps. */
async function readTemplate(name: string): Promise<string> {
  const url = new URL(`../templates/${name}`, import.meta.url);
  try {
    return await readFile(url, 'utf8');
  } catch (cause) {
    throw new EksDrError('input-unreadable', { message: `The template ${name} cannot be read.`, target: url.pathname, cause });
  }
}
