package controller;

import java.nio.file.Path;

/** One call of a step. */
public record Call(Program program, String step, Object[] given) {
  public Arguments arguments(String... parameters) {
    return new Arguments(step, given, parameters);
  }

  public Context context() {
    return program.running.context;
  }

  public Machine machine() {
    return program.machine;
  }

  /** The folder on the agent. Jenkins refuses such steps outside of `node`. */
  public Path folder() {
    if (context().folder() == null) throw new Refusal(step + " needs an agent: it is not inside of node");
    return Path.of(context().folder());
  }
}
