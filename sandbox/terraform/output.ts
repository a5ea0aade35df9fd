import type { Diagnostic } from './failure.ts';
import { version } from './settings.ts';
import { colouredWords, plainWords } from './words.ts';

export interface Line {
  readonly type: string;
  readonly message: string;
  readonly level?: 'info' | 'warn' | 'error';
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What a command says: to people as text, or as lines of JSON (`-json`), which `machine-readable UI` documents. */
export interface Output {
  /** Whether it says all in lines of JSON. */
  readonly lines: boolean;
  line(line: Line): void;
  /** Text that has no place in the JSON output. */
  human(text: string): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

export function humanOutput({ colours }: { readonly colours: boolean }): Output {
  const words = colours ? colouredWords : plainWords;
  return {
    lines: false,
    line: ({ message }) => void process.stdout.write(`${message}\n`),
    human: (text) => void process.stdout.write(`${text}\n`),
    diagnostics(diagnostics) {
      for (const each of diagnostics) (each.severity === 'error' ? process.stderr : process.stdout).write(words(each));
    },
  };
}

export function jsonOutput(): Output {
  const line = ({ type, message, level = 'info', members = {} }: Line): void => {
    const stamp = { '@level': level, '@message': message, '@module': 'terraform.ui', '@timestamp': new Date().toISOString() };
    process.stdout.write(`${JSON.stringify({ ...stamp, ...members, type })}\n`);
  };
  line({ type: 'version', message: `Terraform ${version}`, members: { terraform: version, ui: '1.2' } });
  return {
    lines: true,
    line,
    human: () => undefined,
    diagnostics(diagnostics) {
      for (const diagnostic of diagnostics) {
        const level = diagnostic.severity === 'error' ? 'error' : 'warn';
        const message = `${diagnostic.severity === 'error' ? 'Error' : 'Warning'}: ${diagnostic.summary}`;
        line({ type: 'diagnostic', message, level, members: { diagnostic } });
      }
    },
  };
}
