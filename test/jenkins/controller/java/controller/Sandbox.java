package controller;

import com.cloudbees.groovy.cps.impl.CallSiteBlock;
import com.cloudbees.groovy.cps.sandbox.DefaultInvoker;
import com.cloudbees.groovy.cps.sandbox.Invoker;
import com.cloudbees.groovy.cps.sandbox.Untrusted;
import groovy.lang.Closure;
import groovy.lang.GString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.runtime.GStringImpl;
import org.codehaus.groovy.runtime.ScriptBytecodeAdapter;

/**
 * The script sandbox: what the library may call is a short list of what the script-security plugin of Jenkins approves (its generic-whitelist,
 * and its own rules for Groovy's additions to collections). Anything that is not on it is refused, also where Jenkins would let it pass.
 */
final class Sandbox extends DefaultInvoker {
  private static final long serialVersionUID = 1L;
  static final Sandbox INSTANCE = new Sandbox();
  private static final Map<Class<?>, Set<String>> approved = Map.of(
      String.class, Set.of("replace", "trim", "plus", "isEmpty", "startsWith", "endsWith", "contains", "length", "substring"),
      GString.class, Set.of("plus", "toString"),
      List.class, Set.of("collect", "each", "join", "plus", "contains", "isEmpty", "size", "find", "findAll"),
      Map.class, Set.of("get", "put", "containsKey"),
      Number.class, Set.of("plus", "minus", "multiply", "compareTo"),
      Closure.class, Set.of("call"),
      Globals.CurrentBuild.class, Set.of("getBuildCauses"));

  private Object readResolve() {
    return INSTANCE;
  }

  @Override
  public Object methodCall(Object receiver, String method, Object[] arguments) throws Throwable {
    if (receiver == System.class && method.equals("currentTimeMillis")) return Program.current.machine.now();
    if (!isApproved(receiver, method)) {
      boolean step = receiver instanceof PipelineScript || receiver instanceof Closure;
      throw step ? new Refusal("No such DSL method '" + method + "' found among steps, vars/ and the script") : refused(receiver, "the method " + method);
    }
    return super.methodCall(receiver, method, arguments);
  }

  private static boolean isApproved(Object receiver, String method) {
    if (receiver instanceof PipelineScript script) return isOfScript(script, method);
    if (receiver instanceof Closure<?> closure && closure.getDelegate() instanceof Section) return true;
    // A closure passes on what it does not have itself to the script that it stands in.
    if (receiver instanceof Closure<?> closure && isOfScript((PipelineScript) closure.getThisObject(), method)) return true;
    // What operators and casts become.
    if (receiver == ScriptBytecodeAdapter.class) return true;
    if (receiver instanceof Closure<?> closure && (Steps.knows(method) || closure.getDelegate() instanceof Section)) return true;
    return approved.entrySet().stream().anyMatch(entry -> entry.getKey().isInstance(receiver) && entry.getValue().contains(method));
  }

  private static boolean isOfScript(PipelineScript script, String method) {
    if (method.equals("pipeline") || Steps.knows(method)) return true;
    return Arrays.stream(script.getClass().getDeclaredMethods()).anyMatch(declared -> declared.getName().equals(method));
  }

  @Override
  public Object constructorCall(Class type, Object[] arguments) throws Throwable {
    // What a string with a ${} becomes.
    if (type == GStringImpl.class) return super.constructorCall(type, arguments);
    throw refused(type, "the constructor");
  }

  @Override
  public Object getProperty(Object receiver, String name) throws Throwable {
    boolean known = receiver instanceof PipelineScript || receiver instanceof Closure || receiver instanceof Map
        || receiver instanceof Globals.Env || receiver instanceof Globals.CurrentBuild || (receiver instanceof Throwable && name.equals("message"));
    if (!known) throw refused(receiver, "the property " + name);
    return super.getProperty(receiver, name);
  }

  @Override
  public void setProperty(Object receiver, String name, Object value) throws Throwable {
    boolean known = receiver instanceof Closure || receiver instanceof Map || receiver instanceof Globals.Env || receiver instanceof Globals.CurrentBuild;
    if (!known) throw refused(receiver, "to set the property " + name);
    super.setProperty(receiver, name, value);
  }

  @Override
  public Object getAttribute(Object receiver, String name) {
    throw refused(receiver, "the field " + name);
  }

  @Override
  public void setAttribute(Object receiver, String name, Object value) {
    throw refused(receiver, "to set the field " + name);
  }

  @Override
  public Object superCall(Class type, Object receiver, String method, Object[] arguments) {
    throw refused(receiver, "super." + method);
  }

  @Override
  public Object methodPointer(Object receiver, String name) {
    throw refused(receiver, "a pointer to " + name);
  }

  private static Refusal refused(Object receiver, String what) {
    String type = receiver == null ? "null" : receiver instanceof Class<?> named ? named.getName() : receiver.getClass().getName();
    return new Refusal("The sandbox has not approved " + what + " of " + type);
  }

  @Override
  public Invoker contextualize(CallSiteBlock site) {
    return site.getTags().contains(Untrusted.INSTANCE) ? this : Invoker.INSTANCE;
  }
}
