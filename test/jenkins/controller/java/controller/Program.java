package controller;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import groovy.lang.Closure;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** The running pipeline: all of its threads, and the build that they work on. What isn't transient is what Jenkins would save. */
final class Program implements Serializable {
  private static final long serialVersionUID = 1L;
  /** The one program of this process. Replaced when the controller "restarts". */
  static Program current;

  final Build build;
  final Map<Integer, PipelineThread> threads = new LinkedHashMap<>();
  /** The instances of vars/ that were called so far. */
  final Map<String, Object> variables = new LinkedHashMap<>();
  int nextId = 1;
  Outcome ended;
  transient PipelineThread running;
  transient Machine machine;

  Program(Build build, Machine machine) {
    this.build = build;
    this.machine = machine;
  }

  void begin(PipelineScript script) {
    add(new Continuable(script, Envs.empty(Sandbox.INSTANCE)), Context.OUTSIDE, null);
  }

  private void add(Continuable program, Context context, Pending.Blocks parent) {
    PipelineThread thread = new PipelineThread(nextId++, program, context, parent);
    threads.put(thread.id, thread);
    if (parent != null) parent.children.add(thread.id);
  }

  /** Has a block run as a thread of its own; `parent` hears of its end. */
  void start(Closure<?> block, Context context, Pending.Blocks parent) {
    add(program(block), context, parent);
  }

  /** Runs a block that may not wait for anything, such as a section of the pipeline. */
  Object runAtOnce(Closure<?> block) {
    Continuable program = program(block);
    Outcome outcome = program.run0(new Outcome(null, null), Continuable.categories);
    if (program.isResumable()) throw new Refusal("Steps are allowed within steps only");
    if (outcome.getAbnormal() instanceof RuntimeException exception) throw exception;
    if (outcome.isFailure()) throw new Refusal("A section of the pipeline failed: " + outcome.getAbnormal());
    return outcome.getNormal();
  }

  private static Continuable program(Closure<?> block) {
    try {
      block.call();
    } catch (CpsCallableInvocation invocation) {
      return new Continuable(invocation.invoke(Envs.empty(Sandbox.INSTANCE), null, Continuation.HALT));
    }
    throw new Refusal("A block that is not CPS-transformed can't be run");
  }

  /** Lets every thread that can go on do so, until all of them wait. */
  void advance() {
    for (Optional<PipelineThread> next = nextReady(); next.isPresent(); next = nextReady()) {
      PipelineThread thread = next.get();
      Outcome given = thread.ready;
      thread.ready = null;
      running = thread;
      Outcome outcome = thread.program.run0(given, Continuable.categories);
      running = null;
      if (!thread.program.isResumable()) end(thread, outcome);
      else if (outcome.getNormal() instanceof Pending pending) thread.waiting = pending;
      else throw new IllegalStateException("A thread waits for " + outcome);
    }
  }

  private Optional<PipelineThread> nextReady() {
    return threads.values().stream().filter(thread -> thread.ready != null).findFirst();
  }

  private void end(PipelineThread thread, Outcome outcome) {
    threads.remove(thread.id);
    if (thread.parent == null) {
      ended = outcome;
      return;
    }
    Pending.Blocks step = thread.parent;
    step.ended.add(outcome);
    if (step.ended.size() == step.children.size()) complete(step.id, step.finish(this));
  }

  /** The step is over. One that was asked to stop has nothing else to say. */
  void complete(int pending, Outcome outcome) {
    PipelineThread thread = waitingFor(pending);
    thread.ready = outcome;
    thread.waiting = null;
  }

  PipelineThread waitingFor(int pending) {
    return threads.values().stream()
        .filter(thread -> thread.waiting != null && thread.waiting.id == pending)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No thread waits for step " + pending));
  }

  boolean isWaitedFor(int pending) {
    return threads.values().stream().anyMatch(thread -> thread.waiting != null && thread.waiting.id == pending);
  }

  void stop(int thread, FlowInterruptedException why) {
    PipelineThread found = threads.get(thread);
    if (found != null && found.waiting != null) found.waiting.stop(this, why);
  }

  /** Somebody presses the button that aborts the build. */
  void abort(String user) {
    for (PipelineThread thread : List.copyOf(threads.values())) {
      if (thread.parent == null) stop(thread.id, new FlowInterruptedException("Aborted by " + user));
    }
  }
}
