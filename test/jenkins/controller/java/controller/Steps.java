package controller;

import com.cloudbees.groovy.cps.Continuable;
import java.util.HashMap;
import java.util.Map;

/** The steps that the generated library uses, and no other. */
final class Steps {
  private static final Map<String, Step> all = new HashMap<>();

  static {
    FileSteps.register(all);
    ArtifactSteps.register(all);
    BlockSteps.register(all);
    all.put("sh", ShellStep::run);
    all.put("input", InputStep::run);
  }

  private Steps() {}

  static boolean knows(String name) {
    return all.containsKey(name) || Program.current.machine.library.hasVariable(name);
  }

  static Object call(Program program, String name, Object[] given) {
    Step step = all.get(name);
    if (step == null) throw new Refusal("No such DSL method '" + name + "' found among steps");
    Object value;
    try {
      value = step.run(new Call(program, name, given));
    } catch (Exception thrown) {
      // As Jenkins does: the error is raised where the step stands, whatever its type.
      throw sneaky(thrown);
    }
    return value instanceof Pending ? Continuable.suspend(name, value) : value;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
