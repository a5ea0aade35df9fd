import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Configuration } from './configuration.ts';
import { type Diagnostic, failure, failures } from './failure.ts';
import { isRecord, type Value } from './values.ts';

export type Variables = Readonly<Record<string, Value>>;

function parseValue(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // As Terraform does for variables of type string: the text itself.
    return text;
  }
}

/** `name = value` lines whose values are JSON: the part of HCL's form that tools write. */
function parseTfvars(source: string, file: string): Variables {
  const lines = source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([A-Za-z_][\w-]*)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
      if (!name || !value)
        throw failure('Invalid variable definition', `${file}: this line is not "name = value" with a value on one line: ${line}`);
      return [name, parseValue(value)];
    }),
  );
}

async function readFileOfVariables(folder: string, file: string): Promise<Variables> {
  const path = resolve(folder, file);
  const source = await readFile(path, 'utf8').catch(() => {
    throw failure('Failed to read variables file', `Given variables file ${file} does not exist.`);
  });
  if (!path.endsWith('.json')) return parseTfvars(source, file);
  const value = parseValue(source);
  if (!isRecord(value)) throw failure('Invalid variables file', `The contents of ${file} are not a JSON object.`);
  return value;
}

export interface GivenVariables {
  readonly values: Variables;
  readonly warnings: readonly Diagnostic[];
}

function undeclared(name: string): Diagnostic {
  const detail = `The root module does not declare a variable named "${name}" but a value was found in a variables file. If you meant to use this value, add a "variable" block to the configuration.`;
  return { severity: 'warning', summary: 'Value for undeclared variable', detail };
}

/**
 * Values from TF_VAR_*, -var-file and -var, later ones winning. Undeclared ones are refused on the command line, warned of in
 * files and ignored in the environment; a variable without a value and a default is refused.
 */
export async function collectVariables(
  configuration: Configuration,
  options: {
    readonly folder: string;
    readonly files: readonly string[];
    readonly assignments: readonly string[];
    readonly environment: NodeJS.ProcessEnv;
  },
): Promise<GivenVariables> {
  const { folder, files, assignments, environment } = options;
  const declared = configuration.variables;
  const values: Record<string, Value> = {};
  const warnings: Diagnostic[] = [];
  for (const name of Object.keys(declared)) {
    const value = environment[`TF_VAR_${name}`];
    if (value !== undefined) values[name] = parseValue(value);
  }
  for (const file of files) {
    for (const [name, value] of Object.entries(await readFileOfVariables(folder, file))) {
      if (declared[name]) values[name] = value;
      else warnings.push(undeclared(name));
    }
  }
  for (const assignment of assignments) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (!declared[name]) {
      throw failure(
        'Value for undeclared variable',
        `A variable named "${name}" was assigned on the command line, but the root module does not declare a variable of that name.`,
      );
    }
    values[name] = parseValue(value);
  }
  const missing = Object.entries(declared).filter(([name, { hasDefault }]) => !hasDefault && values[name] === undefined);
  if (missing.length === 0) return { values, warnings };
  throw failures(
    missing.map(([name]) => ({
      severity: 'error',
      summary: 'No value for required variable',
      detail: `The root module input variable "${name}" is not set, and has no default value. Use a -var or -var-file command line argument to provide a value for this variable.`,
    })),
  );
}
