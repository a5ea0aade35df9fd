import type { Diagnostic } from './failure.ts';
import { version } from './settings.ts';

export interface Line {
  readonly type: string;
  readonly message: string;
  readonly level?: 'info' | 'warn' | 'error';
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What a command says: to people as text, or as lines of JSON (`-json`), which `machine-readable UI` documents. */
export interface Output {
  line(line: Line): void;
  /** Text that has no place in the JSON output. */
  human(text: string): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

function framed({ severity, summary, detail, address }: Diagnostic): string {
  const title = `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`;
  const body = [title, '', ...(address === undefined ? [] : [`  with ${address},`, '']), ...(detail === '' ? [] : detail.split('\n'))];
  return `╷\n${body.map((line) => `│ ${line}`).join('\n')}\n╵\n`;
}

export function humanOutput(): Output {
  return {
    line: ({ message }) => void process.stdout.write(`${message}\n`),
    human: (text) => void process.stdout.write(`${text}\n`),
    diagnostics(diagnostics) {
      for (const each of diagnostics) (each.severity === 'error' ? process.stderr : process.stdout).write(framed(each));
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
