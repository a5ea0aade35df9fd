package org.jenkinsci.plugins.workflow.steps;

/** Thrown into a step that is stopped from outside: an input was rejected, a timeout is over, somebody aborted the build. Its message is null, as seen on Jenkins. */
public final class FlowInterruptedException extends InterruptedException {
  private static final long serialVersionUID = 1L;
  private final String cause;

  public FlowInterruptedException(String cause) {
    this.cause = cause;
  }

  /** For the log of the build only: the script sandbox of Jenkins forbids its like. */
  @Override
  public String toString() {
    return cause;
  }
}
