import type { Clock } from './clock.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Log lines for people (or, as JSON, for machines). Messages never hold a secret or a whole input. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export type LogFormat = 'text' | 'json';

/** Writes one line per message: time, level, step, message. Line breaks in a message become ` | `. */
export function createLog(options: {
  readonly step: string;
  readonly clock: Clock;
  readonly format: LogFormat;
  readonly verbose: boolean;
  readonly write: (line: string) => void;
  /** Takes secrets out of a message. */
  readonly redact?: (text: string) => string;
}): Log {
  const { step, clock, format, verbose, write, redact = (text) => text } = options;
  const line = (level: Level) => (said: string) => {
    if (level === 'debug' && !verbose) return;
    const time = clock.timestamp();
    const message = redact(said);
    const flat = message.replaceAll(/\s*\r?\n\s*/g, ' | ');
    write(format === 'json' ? `${JSON.stringify({ time, level, step, message })}\n` : `${time} ${level.padEnd(5)} ${step}: ${flat}\n`);
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
