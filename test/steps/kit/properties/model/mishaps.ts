import type { Edit } from './world.ts';

/** What befalls one request of a process, counted from 0. */
export interface Mishap {
  readonly request: number;
  readonly what: /** The process dies before, or after, the request takes effect. */
    | 'kill-before'
    | 'kill-after'
    /** Somebody asks the process to stop. */
    | 'abort'
    /** The connection is cut before, in the middle of (where a write has several parts), or after the request takes effect. */
    | 'cut-before'
    | 'cut-within'
    | 'cut-after'
    /** The remote systems are away from now on. */
    | 'away'
    /** Others change something, right before the request takes effect. */
    | Edit;
}

/** Those that end a process, or cost it an answer. */
export const interruptions = ['kill-before', 'kill-after', 'abort', 'cut-before', 'cut-within', 'cut-after', 'away'] as const;
