package controller;

import com.cloudbees.groovy.cps.Outcome;
import groovy.lang.Closure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** Steps around blocks. */
public final class BlockSteps {
  private BlockSteps() {}

  public static void register(Map<String, Step> steps) {
    steps.put("script", call -> around(call, call.arguments().block(), call.context()));
    steps.put("node", BlockSteps::node);
    steps.put("dir", BlockSteps::dir);
    steps.put("withEnv", BlockSteps::withEnv);
    steps.put("withCredentials", BlockSteps::withCredentials);
    steps.put("string", call -> Symbol.of("string", call.given(), "credentialsId", "variable"));
    steps.put("timeout", BlockSteps::timeout);
    steps.put("catchError", BlockSteps::catchError);
    // Of the interpreter of declarative pipelines only: the library has no such step.
    steps.put("declarative parallel", BlockSteps::parallel);
  }

  private static Object around(Call call, Closure<?> block, Context context) {
    return begin(call, block, context, new Pending.Blocks(call.program(), call.step()));
  }

  private static Pending begin(Call call, Closure<?> block, Context context, Pending.Blocks step) {
    call.program().start(block, context, step);
    return step;
  }

  private static Object node(Call call) throws IOException {
    Arguments arguments = call.arguments("label");
    if (call.context().workspace() != null) throw new Refusal("node inside of node takes a second agent");
    if (!arguments.text("label").equals(call.machine().request.text("label"))) throw new Refusal("No agent has the label " + arguments.text("label"));
    String workspace = call.machine().agents.take().toString();
    return begin(call, arguments.block(), call.context().on(workspace), new Node(call.program(), workspace));
  }

  private static final class Node extends Pending.Blocks {
    private static final long serialVersionUID = 1L;
    private final String workspace;

    private Node(Program program, String workspace) {
      super(program, "node");
      this.workspace = workspace;
    }

    @Override
    public Outcome finish(Program program) {
      try {
        program.machine.agents.giveBack(Path.of(workspace));
      } catch (IOException thrown) {
        throw new UncheckedIOException(thrown);
      }
      return super.finish(program);
    }
  }

  private static Object dir(Call call) {
    Arguments arguments = call.arguments("path");
    return around(call, arguments.block(), call.context().in(call.folder().resolve(arguments.text("path")).toString()));
  }

  private static Object withEnv(Call call) {
    Arguments arguments = call.arguments("overrides");
    Map<String, String> more = new LinkedHashMap<>();
    for (Object entry : arguments.value("overrides", List.class)) {
      String[] parts = entry.toString().split("=", 2);
      if (parts.length != 2) throw new Refusal("withEnv takes NAME=value, not " + entry);
      more.put(parts[0], parts[1]);
    }
    return around(call, arguments.block(), call.context().with(more));
  }

  private static Object withCredentials(Call call) throws IOException {
    Arguments arguments = call.arguments("bindings");
    Map<String, String> stored = call.machine().request.map("credentials");
    Map<String, String> more = new LinkedHashMap<>();
    for (Object entry : arguments.value("bindings", List.class)) {
      Symbol binding = Symbol.expect(entry, "string");
      String secret = stored.get(binding.text("credentialsId"));
      if (secret == null) throw new hudson.AbortException("Could not find credentials entry with ID '" + binding.text("credentialsId") + "'");
      more.put(binding.text("variable"), secret);
    }
    return around(call, arguments.block(), call.context().with(more));
  }

  private static Object timeout(Call call) {
    Arguments arguments = call.arguments("time", "unit");
    long millis = TimeUnit.valueOf(arguments.text("unit", "MINUTES")).toMillis(arguments.value("time", Number.class).longValue());
    Timeout step = new Timeout(call.program(), call.machine().now() + millis);
    Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    later.execute(() -> call.machine().post(program -> {
      if (program.isWaitedFor(step.id)) ((Timeout) program.waitingFor(step.id).waiting).runOut(program);
    }));
    return begin(call, arguments.block(), call.context(), step);
  }

  static final class Timeout extends Pending.Blocks {
    private static final long serialVersionUID = 1L;
    private final long deadline;

    private Timeout(Program program, long deadline) {
      super(program, "timeout");
      this.deadline = deadline;
    }

    void runOut(Program program) {
      program.machine.skipped += Math.max(0, deadline - program.machine.now());
      stop(program, new FlowInterruptedException("Timeout has been exceeded"));
    }
  }

  private static Object catchError(Call call) {
    Arguments arguments = call.arguments("buildResult", "stageResult", "message");
    for (String result : List.of(arguments.text("buildResult"), arguments.text("stageResult"))) {
      if (!result.equals("SUCCESS")) throw new Refusal("catchError is known here for keeping the result only, not for " + result);
    }
    return begin(call, arguments.block(), call.context(), new CatchError(call.program(), arguments.text("message")));
  }

  private static final class CatchError extends Pending.Blocks {
    private static final long serialVersionUID = 1L;
    private final String message;

    private CatchError(Program program, String message) {
      super(program, "catchError");
      this.message = message;
    }

    @Override
    public Outcome finish(Program program) {
      Outcome outcome = super.finish(program);
      if (outcome.isSuccess()) return outcome;
      program.machine.log.line(message + "\n" + outcome.getAbnormal());
      return new Outcome(null, null);
    }
  }

  private static Object parallel(Call call) {
    Pending.Blocks step = new Pending.Blocks(call.program(), call.step());
    for (Object branch : call.arguments("branches").value("branches", List.class)) call.program().start((Closure<?>) branch, call.context(), step);
    return step;
  }
}
