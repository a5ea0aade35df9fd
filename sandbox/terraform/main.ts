#!/usr/bin/env node
import { resolve } from 'node:path';
import type { Command } from './command.ts';
import { diagnosticsOf } from './failure.ts';
import { humanOutput, jsonOutput } from './output.ts';
import { settingsFrom } from './settings.ts';

// Loaded when called: the clients of AWS take longer to load than most commands take to run.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  version: async () => (await import('./init-commands.ts')).version,
  init: async () => (await import('./init-commands.ts')).init,
  validate: async () => (await import('./init-commands.ts')).validate,
  plan: async () => (await import('./work-commands.ts')).plan,
  apply: async () => (await import('./work-commands.ts')).apply,
  destroy: async () => (await import('./work-commands.ts')).destroy,
  show: async () => (await import('./show-command.ts')).show,
  output: async () => (await import('./state-commands.ts')).output,
  state: async () => (await import('./state-commands.ts')).state,
  untaint: async () => (await import('./untaint-command.ts')).untaint,
  'force-unlock': async () => (await import('./state-commands.ts')).forceUnlock,
};

/** Commands whose `-json` makes all they say lines of JSON. */
const streaming = ['plan', 'apply', 'destroy'];

/** The first interrupt ends the work gracefully, the second one at once. */
function interruptSignal(say: (message: string) => void): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      process.stderr.write('Two interrupts received. Exiting immediately. Note that data loss may have occurred.\n');
      process.exit(1);
    }
    say('\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

/** A stand-in for Terraform: the part of its command line that a recovery uses, with one stack, against the sandbox's AWS. */
async function main(argv: readonly string[]): Promise<number> {
  const chdir = argv.find((arg) => arg.startsWith('-chdir='));
  const [name = '', ...rest] = argv.filter((arg) => arg !== chdir);
  const load = commands[name === '-version' || name === '--version' ? 'version' : name];
  if (!load) {
    const known = `This program has: ${Object.keys(commands).join(', ')}.\n`;
    if (name === '') process.stdout.write(known);
    else process.stderr.write(`Terraform has no command named "${name}".\n\n${known}`);
    return name === '' ? 127 : 1;
  }
  const json = streaming.includes(name) && rest.some((arg) => /^--?json(=true)?$/.test(arg));
  const out = json ? jsonOutput() : humanOutput({ colours: !rest.some((arg) => /^--?no-color(=true)?$/.test(arg)) });
  const say = (message: string): void => out.line({ type: 'log', message });
  const folder = chdir === undefined ? process.cwd() : resolve(chdir.slice('-chdir='.length));
  try {
    const command = await load();
    return await command({ settings: settingsFrom(process.env, folder), output: out, signal: interruptSignal(say) }, rest);
  } catch (error) {
    out.diagnostics(diagnosticsOf(error));
    return 1;
  }
}

// Warnings of libraries about the Node release are no words of Terraform.
process.removeAllListeners('warning');
process.exitCode = await main(process.argv.slice(2));
// Keep-alive sockets of the AWS clients must not hold the process.
process.stdout.write('', () => process.exit());
