package controller;

import com.cloudbees.groovy.cps.Outcome;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** A step that a thread of the build waits for. It is saved with the program; what is alive outside (a process) is found by the id. */
class Pending implements Serializable {
  private static final long serialVersionUID = 1L;
  final int id;
  final String step;
  final int thread;
  FlowInterruptedException stopped;

  Pending(Program program, String step) {
    this.id = program.nextId++;
    this.step = step;
    this.thread = program.running.id;
  }

  /** Asked to end early: it must come to its end soon, by itself. */
  void stop(Program program, FlowInterruptedException why) {
    stopped = why;
  }

  /** A step around blocks, which run as threads of their own. */
  static class Blocks extends Pending {
    private static final long serialVersionUID = 1L;
    final List<Integer> children = new ArrayList<>();
    /** In the order in which the blocks ended. */
    final List<Outcome> ended = new ArrayList<>();

    Blocks(Program program, String step) {
      super(program, step);
    }

    @Override
    void stop(Program program, FlowInterruptedException why) {
      super.stop(program, why);
      for (int child : children) program.stop(child, why);
    }

    /** What becomes of the step once all its blocks ended: by default that of its only block, or the first failure. */
    Outcome finish(Program program) {
      return ended.stream().filter(Outcome::isFailure).findFirst().orElse(ended.get(ended.size() - 1));
    }
  }
}
