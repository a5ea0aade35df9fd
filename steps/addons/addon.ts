import * as z from 'zod';
import type { ChartSettings } from '../estate/addons.ts';
import type { Json, JsonObject } from '../kit/json.ts';
import { parseAs } from '../kit/parse.ts';
import { renderYaml } from '../templates.ts';
import { type AddonName, type Chart, charts } from './charts.ts';
import { mergeValues } from './merge-values.ts';

const object = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** What templates/addons/ says of an add-on. */
const definition = z.strictObject({
  namespace: z.string().min(1),
  release: z.string().min(1),
  skipCrds: z.boolean().default(false),
  syncOptions: z.array(z.string()).default([]),
  /** What changes by itself after a sync, and is no drift. */
  ignoreDifferences: z.array(object).default([]),
  values: object,
});

/** A chart with everything that decides what it installs. */
export interface Addon extends z.infer<typeof definition> {
  readonly name: string;
  readonly chart: Chart;
}

/** One of our add-ons: its template filled with `facts`, the estate's values merged over. */
export async function ourAddon(
  name: AddonName,
  facts: Readonly<Record<string, Json>>,
  settings: ChartSettings & { readonly values?: Readonly<Record<string, unknown>> | undefined },
): Promise<Addon> {
  const { parse } = await import('../yaml.ts');
  const file = `addons/${name}.yaml.hbs`;
  const defined = parseAs(definition, parse(await renderYaml(file, facts)), `templates/${file}`, 'bug');
  const { repository, chart, version } = charts[name];
  return {
    ...defined,
    name,
    chart: { chart, repository: settings.repository ?? repository, version: settings.version ?? version },
    values: mergeValues(defined.values, (settings.values ?? {}) as JsonObject),
  };
}
