package controller;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Outcome;
import java.io.Serializable;

/** One thread of control of the pipeline, as saved: where it goes on, and what it waits for. */
final class PipelineThread implements Serializable {
  private static final long serialVersionUID = 1L;
  final int id;
  final Continuable program;
  final Context context;
  /** The step whose block this thread runs; null for the main thread. */
  final Pending.Blocks parent;
  /** Set: it can go on with this. */
  Outcome ready = new Outcome(null, null);
  Pending waiting;

  PipelineThread(int id, Continuable program, Context context, Pending.Blocks parent) {
    this.id = id;
    this.program = program;
    this.context = context;
    this.parent = parent;
  }
}
