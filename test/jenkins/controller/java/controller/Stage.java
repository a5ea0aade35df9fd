package controller;

import groovy.lang.Closure;
import java.io.Serializable;
import java.util.List;

/** A stage as it was read: it has steps, or stages one after the other, or branches side by side. */
public final class Stage implements Serializable {
  private static final long serialVersionUID = 1L;
  public final String name;
  public Closure<?> condition;
  public Closure<?> steps;
  public List<Stage> stages;
  public List<Stage> branches;

  Stage(String name) {
    this.name = name;
  }

  public void mark(String status) {
    Program.current.build.stages.put(name, status);
    Program.current.machine.log.line("[stage] " + name + ": " + status);
  }

  void complete(boolean inParallel) {
    long bodies = List.of(steps != null, stages != null, branches != null).stream().filter(has -> has).count();
    if (bodies != 1) throw new Refusal("The stage " + name + " needs one of steps, stages and parallel");
    if (inParallel && branches != null) throw new Refusal("The stage " + name + " has parallel inside of parallel");
  }
}
