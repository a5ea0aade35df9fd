import type { Colors } from 'picocolors/types.ts';

const LINE = /^\d{4}-\d{2}-\d{2}T(\d{2}:\d{2}:\d{2})\S* (debug|info|warn|error) +(\S+): (.*)$/;

/** A step's log line as the screen shows it: time, step, message; anything that is no log line keeps its text. */
export function screenLine(line: string, step: string, width: number, colours: Colors): string {
  const [, time, level, , message] = LINE.exec(line) ?? [];
  const name = colours.cyan(step.padEnd(width));
  if (time === undefined || message === undefined) return `${' '.repeat(8)} ${name} ${line}`;
  const paint =
    level === 'error' ? colours.red : level === 'warn' ? colours.yellow : level === 'debug' ? colours.dim : (text: string) => text;
  return `${colours.dim(time)} ${name} ${paint(message)}`;
}
