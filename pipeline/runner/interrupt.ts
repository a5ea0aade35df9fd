/** The signals by which a person, a terminal or a service manager ends a program. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` with a signal that aborts when the process is asked to end. Every further request says `again` only. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, say: (again: boolean) => void): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    say(controller.signal.aborted);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
