package controller;

import com.cloudbees.groovy.cps.SerializableScript;
import org.codehaus.groovy.runtime.InvokerHelper;

/** The base of the Jenkinsfile and of what is in vars/: whatever they don't define is a global variable, a file of vars/, or a step. */
public abstract class PipelineScript extends SerializableScript {
  private static final long serialVersionUID = 1L;

  @Override
  public Object invokeMethod(String name, Object arguments) {
    Object[] given = arguments instanceof Object[] array ? array : new Object[] {arguments};
    Program program = Program.current;
    if (name.equals("pipeline")) return program.machine.library.pipeline(given, this);
    Object variable = program.machine.library.variable(name);
    if (variable != null) return InvokerHelper.getMetaClass(variable).invokeMethod(variable, "call", given);
    return Steps.call(program, name, given);
  }

  @Override
  public Object getProperty(String name) {
    Object global = Globals.get(name);
    if (global != null) return global;
    Object variable = Program.current.machine.library.variable(name);
    return variable != null ? variable : super.getProperty(name);
  }
}
