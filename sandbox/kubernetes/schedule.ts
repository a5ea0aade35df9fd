import type { KubernetesClusterState, Task } from './state.ts';

/**
 * Asks for a controller task at a sandbox time (ms). A task that is due already by then is not asked for twice;
 * one that is due later is brought forward.
 */
export function schedule(cluster: KubernetesClusterState, task: string, at: number): void {
  const pending = cluster.pending[task];
  if (pending !== undefined && pending <= at) return;
  cluster.pending[task] = at;
  push(cluster.queue, { at, task });
}

/** Takes the next task that is due, or undefined: one comparison when nothing is. */
export function takeDue(cluster: KubernetesClusterState, now: number): Task | undefined {
  for (let first = cluster.queue[0]; first !== undefined && first.at <= now; first = cluster.queue[0]) {
    pop(cluster.queue);
    // A task that was brought forward leaves its later entry behind.
    if (cluster.pending[first.task] !== first.at) continue;
    delete cluster.pending[first.task];
    return first;
  }
  return undefined;
}

function push(heap: Task[], task: Task): void {
  heap.push(task);
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if ((heap[parent] as Task).at <= task.at) break;
    heap[index] = heap[parent] as Task;
    index = parent;
  }
  heap[index] = task;
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as Task).at < (heap[child] as Task).at) child += 1;
    if ((heap[child] as Task).at >= last.at) break;
    heap[index] = heap[child] as Task;
    index = child;
  }
  heap[index] = last;
}
