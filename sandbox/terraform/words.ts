import type { Diagnostic } from './failure.ts';

/** Columns for words that no terminal shows. */
const WIDTH = 78;
const RED = 31;
const YELLOW = 33;

const paint = (code: number, text: string): string => `\u001b[${code}m${text}`;
const RESET = '\u001b[0m';

/** A diagnostic as `-no-color` prints it: without a frame. */
export function plainWords({ severity, summary, detail, address, bare }: Diagnostic): string {
  if (bare) return `${summary}\n`;
  const title = `\n${titleOf(severity)}: ${summary}\n`;
  const where = address === undefined ? '' : `\n  with ${address},\n`;
  return `${title}${where}${detail === '' ? '' : `\n${wrapped(detail, WIDTH - 1).join('\n')}\n`}`;
}

/** The same with colours, which Terraform uses wherever it is not told otherwise: behind a rule at the left. */
export function colouredWords({ severity, summary, detail, address, bare }: Diagnostic): string {
  const colour = severity === 'error' ? RED : YELLOW;
  if (bare) return `${paint(colour, summary)}${RESET}${RESET}\n`;
  const rule = `${paint(colour, '│')}${RESET} ${RESET}`;
  const title = `${paint(1, paint(colour, `${titleOf(severity)}: `))}${RESET}${RESET}${paint(1, summary)}${RESET}`;
  const where = address === undefined ? [] : ['', `  with ${address},`];
  const lines = [title, ...where, '', ...(detail === '' ? [] : wrapped(detail, WIDTH - 3))];
  const edge = (corner: string): string => `${paint(colour, corner)}${RESET}${RESET}\n`;
  return `${edge('╷')}${lines.map((line) => `${rule}${line}\n`).join('')}${edge('╵')}`;
}

function titleOf(severity: Diagnostic['severity']): string {
  return severity === 'error' ? 'Error' : 'Warning';
}

/** Lines that begin with a space are tables or code, and stay as long as they are. */
function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(' ') ? [line] : wrappedLine(line, width)));
}

function wrappedLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
