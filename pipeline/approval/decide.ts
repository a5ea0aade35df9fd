import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Approval, ApprovalNeed } from '../../steps/kit/approval.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { changesOf, type Plan } from '../../steps/kit/plan.ts';

/** What is asked: one plan, with the rule that wants an approval. */
export interface ApprovalRequest {
  readonly plan: Plan;
  readonly need: ApprovalNeed;
  /** The plan for people, short and in full. */
  lines(details: boolean): readonly string[];
}

export type Decision = Pick<Approval, 'by' | 'via'>;

/** Answers with who approved and how; throws `rejected`, or `approval-missing` when nobody can be asked. */
export type Decide = (request: ApprovalRequest, show: (text: string) => void, signal: AbortSignal) => Promise<Decision>;

/** Approves by a rule that a person gave on the command line, for drills: all but what changed since the run left it, which `ask` is for. */
export function approveAll(user: string, ask: Decide): Decide {
  return async (request, show, signal) => {
    const surprising = changesOf(request.plan.items).some(({ changedSince }) => changedSince !== undefined);
    return surprising ? ask(request, show, signal) : { by: user, via: '--approve all' };
  };
}

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** Asks on the terminal: y, n, or d for all details. `user`: who sits there. */
export function askOnTerminal(terminal: Terminal, user: string, startedBy: string): Decide {
  return async ({ plan, need, lines }, show, signal) => {
    if (terminal.input.isTTY !== true) throw nobodyToAsk(plan);
    const limit = AbortSignal.timeout(Math.min(need.timeoutMinutes * 60_000, 2 ** 31 - 1));
    const reader = createInterface({ input: terminal.input, output: terminal.output });
    const closed = new AbortController();
    reader.once('close', () => closed.abort());
    // While it reads a line the terminal makes no signal of Ctrl-C.
    reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const end = AbortSignal.any([signal, limit, closed.signal]);
    const ask = async (question: string): Promise<string> => (await reader.question(question, { signal: end })).trim();
    try {
      lines(false).forEach(show);
      const by = await approverName(need, user, startedBy, ask);
      for (;;) {
        const answer = (await ask(`Approve ${plan.step}? [y]es, [n]o, [d]etails: `)).toLowerCase();
        if (answer === 'y' || answer === 'yes') return { by, via: 'terminal' };
        if (answer === 'n' || answer === 'no')
          throw new EksDrError('rejected', { message: `${by} did not approve plan ${plan.attempt} of ${plan.step}.`, target: plan.step });
        if (answer === 'd' || answer === 'details') lines(true).forEach(show);
      }
    } catch (thrown) {
      throw asDecision(thrown, plan, limit.aborted, need);
    } finally {
      reader.close();
    }
  };
}

// The terminal can't tell who sits at it: a name is asked for where the estate wants a certain person.
async function approverName(
  need: ApprovalNeed,
  user: string,
  startedBy: string,
  ask: (question: string) => Promise<string>,
): Promise<string> {
  const listed = need.approvers.length === 0 || need.approvers.includes(user);
  if (listed && !(need.notTheStarter && user === startedBy)) return user;
  const among = need.approvers.length === 0 ? '' : ` (${need.approvers.join(', ')})`;
  const except = need.notTheStarter ? `, not ${startedBy}` : '';
  for (;;) {
    const name = await ask(`Who approves${among}${except}? `);
    if (name !== '' && !(need.notTheStarter && name === startedBy)) return name;
  }
}

function nobodyToAsk(plan: Plan): EksDrError {
  return new EksDrError('approval-missing', {
    message: `Plan ${plan.attempt} of ${plan.step} wants an approval, and there is no terminal to ask on.`,
    target: plan.step,
    remedy: 'Run it in a terminal. A drill may run with --approve all, which still asks about what changed since the run left it.',
  });
}

function asDecision(thrown: unknown, plan: Plan, tooLate: boolean, need: ApprovalNeed): unknown {
  if (thrown instanceof EksDrError) return thrown;
  if (tooLate)
    return new EksDrError('rejected', {
      message: `Nobody answered for ${plan.step} within ${need.timeoutMinutes} minutes.`,
      target: plan.step,
    });
  const aborted = thrown instanceof Error && thrown.name === 'AbortError';
  return aborted ? new EksDrError('interrupted', { message: `Interrupted before ${plan.step} was approved.`, target: plan.step }) : thrown;
}
