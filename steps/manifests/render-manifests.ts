import type { Json } from '../kit/json.ts';
import { renderYaml } from '../templates.ts';
import { type ParsedManifests, parseManifests } from './parse-manifests.ts';

/** The manifests of one of our templates, filled with these facts. */
export async function renderManifests(template: string, facts: Readonly<Record<string, Json>>): Promise<ParsedManifests> {
  return parseManifests(`templates/${template}`, await renderYaml(template, facts), {});
}

export function together(parsed: readonly ParsedManifests[]): ParsedManifests {
  return { manifests: parsed.flatMap(({ manifests }) => manifests), mistakes: parsed.flatMap(({ mistakes }) => mistakes) };
}
