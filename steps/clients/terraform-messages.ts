import * as z from 'zod';
import type { Log } from '../kit/log.ts';

const message = z.object({
  '@level': z.string(),
  '@message': z.string(),
  type: z.string(),
  hook: z.object({ action: z.string().optional(), elapsed_seconds: z.number().optional() }).optional(),
  diagnostic: z
    .object({ severity: z.enum(['error', 'warning']), summary: z.string(), detail: z.string().default(''), address: z.string().optional() })
    .optional(),
});

/** One thing that Terraform said against what it was asked to do. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address: string | null;
}

/** Follows the machine-readable output of plan and apply: tells the log, and gathers the diagnostics. https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
export function followMessages(log: Log): { line(text: string): void; diagnostics(): readonly Diagnostic[] } {
  const gathered: Diagnostic[] = [];
  return {
    diagnostics: () => gathered,
    line(text) {
      if (text.trim() === '') return;
      const parsed = parse(text);
      if (parsed === null) {
        log.info(text);
        return;
      }
      const { diagnostic } = parsed;
      if (diagnostic !== undefined) {
        gathered.push({
          severity: diagnostic.severity,
          summary: diagnostic.summary,
          detail: diagnostic.detail,
          address: diagnostic.address ?? null,
        });
      }
      tell(log, parsed);
    },
  };
}

const QUIET = ['version', 'planned_change', 'refresh_start', 'refresh_complete', 'resource_drift', 'outputs'];

function tell(log: Log, parsed: z.infer<typeof message>): void {
  log[levelOf(parsed)](parsed['@message'].trim());
}

function levelOf({ type, diagnostic, hook }: z.infer<typeof message>): 'debug' | 'info' | 'warn' | 'error' {
  if (diagnostic !== undefined) return diagnostic.severity === 'error' ? 'error' : 'warn';
  // Every ten seconds for each object: one a minute is enough for people.
  if (type === 'apply_progress' && (hook?.elapsed_seconds ?? 0) % 60 !== 0) return 'debug';
  // Data sources change nothing, and the plan is shown elsewhere, in full.
  if (hook?.action === 'read') return 'debug';
  return QUIET.includes(type) ? 'debug' : 'info';
}

function parse(text: string): z.infer<typeof message> | null {
  try {
    return message.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The errors in text that Terraform wrote for people: its frame removed, one diagnostic for each `Error:`. */
export function diagnosticsOfText(text: string): readonly Diagnostic[] {
  const plain = text.replaceAll(/^[╷│╵|]\s?/gmu, '');
  return plain
    .split(/^Error: /m)
    .slice(1)
    .map((block) => {
      const [summary = '', ...detail] = block.split('\n');
      return { severity: 'error' as const, summary: summary.trim(), detail: detail.join('\n').trim(), address: null };
    });
}
