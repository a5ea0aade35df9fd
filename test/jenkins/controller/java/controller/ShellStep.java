package controller;

import com.cloudbees.groovy.cps.Outcome;
import hudson.AbortException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** `sh`: a real shell on the agent, with the environment of the build and nothing of ours. */
public final class ShellStep extends Pending {
  private static final long serialVersionUID = 1L;
  private static final long PATIENCE_SECONDS = 20;
  private final boolean returnStdout;

  private ShellStep(Program program, String label, boolean returnStdout) {
    super(program, label);
    this.returnStdout = returnStdout;
  }

  public static Object run(Call call) throws IOException {
    Arguments arguments = call.arguments("script", "label", "returnStdout");
    String label = arguments.text("label", "Shell Script");
    ShellStep step = new ShellStep(call.program(), label, arguments.flag("returnStdout"));
    call.machine().log.line("[sh] " + label);
    Files.createDirectories(call.folder());
    Path script = Files.createTempFile(call.machine().home.folder(), "script-", ".sh");
    Files.writeString(script, arguments.text("script"));
    ProcessBuilder builder = new ProcessBuilder(command(arguments.text("script"), script)).directory(call.folder().toFile());
    builder.environment().clear();
    builder.environment().putAll(call.machine().request.map("environment"));
    builder.environment().put("HOME", Path.of(call.context().workspace()).getParent().toString());
    builder.environment().putAll(call.program().build.variables(call.context()));
    builder.environment().put("WORKSPACE", call.context().workspace());
    Process process = builder.redirectInput(new java.io.File("/dev/null")).start();
    call.machine().processes.put(step.id, process);
    step.follow(process, script, call.machine());
    return step;
  }

  /** A script with a first line of its own is run by what stands there, others by a shell that shows its commands and stops at the first that fails. */
  private static List<String> command(String text, Path file) {
    List<String> command = new ArrayList<>(List.of("sh", "-xe"));
    if (text.startsWith("#!")) command = new ArrayList<>(List.of(text.lines().findFirst().orElseThrow().substring(2).trim().split(" +")));
    command.add(file.toString());
    return command;
  }

  private void follow(Process process, Path script, Machine machine) {
    StringBuffer output = new StringBuffer();
    CompletableFuture<Void> errors = CompletableFuture.runAsync(() -> read(process.getErrorStream(), machine, null));
    CompletableFuture<Void> said = CompletableFuture.runAsync(() -> read(process.getInputStream(), machine, returnStdout ? output : null));
    int id = this.id;
    Abort.when(machine, step, "starts");
    CompletableFuture.allOf(errors, said).thenRun(() -> {
      int status = process.onExit().join().exitValue();
      script.toFile().delete();
      machine.post(program -> ended(program, id, status, output.toString()));
    });
  }

  private static void ended(Program program, int id, int status, String output) {
    program.machine.processes.remove(id);
    ShellStep step = (ShellStep) program.waitingFor(id).waiting;
    if (step.stopped != null) program.complete(id, new Outcome(null, step.stopped));
    else if (status != 0) program.complete(id, new Outcome(null, new AbortException("script returned exit code " + status)));
    else program.complete(id, new Outcome(step.returnStdout ? output : null, null));
  }

  private static void read(InputStream stream, Machine machine, StringBuffer kept) {
    Log log = machine.log;
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (kept == null) log.line(line);
        else kept.append(line).append('\n');
        Abort.when(machine, line, "says");
      }
    } catch (IOException thrown) {
      log.line("The output of a shell can't be read: " + thrown.getMessage());
    }
  }

  /** SIGTERM to all that the shell started, as Jenkins does by its cookie in their environment; what still lives later is killed. */
  @Override
  public void stop(Program program, FlowInterruptedException why) {
    if (stopped != null) return;
    super.stop(program, why);
    // By its handle: Process.destroy would close the streams, too, and its last words would be lost.
    ProcessHandle process = program.machine.processes.get(id).toHandle();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
  }
}
