import { readFileSync } from 'node:fs';

/** Whether a process of this machine still runs. One that has ended, but that nobody has asked how, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// A process that died without anyone asking how keeps its number: in containers whose first process does not clean up, for ever.
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
