import { type RunningSandbox, type SandboxOptions, startSandbox } from './server.ts';
import { allSystems } from './systems.ts';

/** Starts the sandbox with every system. See `startSandbox`. */
export function startFullSandbox(options: Omit<SandboxOptions, 'systems'>): Promise<RunningSandbox> {
  return startSandbox({ ...options, systems: allSystems });
}
