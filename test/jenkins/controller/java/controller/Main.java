package controller;

import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Runs one build: `Main REQUEST.json`. What became of it is in build.json of the build's folder, whose path is printed. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Request request = Request.read(Path.of(arguments[0]));
    Path folder = prepare(request);
    Log log = new Log(folder.resolve("log"));
    Library library = new Library(folder.resolve("library"), request.text("libraryName"));
    Machine machine = new Machine(request, log, library);
    Program program = new Program(build(request, folder), machine);
    Program.current = program;
    CpsCallableInvocation.registerMismatchHandler(Main::refuseMismatch);
    run(program, library.jenkinsfile(folder.resolve("Jenkinsfile")));
    Program.current.build.write(machine.largestProgram);
    System.out.println(folder);
    System.exit(0);
  }

  /** The folder of the build, with the library and the Jenkinsfile that it runs: a restart keeps those of the build that it restarts. */
  private static Path prepare(Request request) throws IOException {
    Home home = new Home(request.home());
    int number = home.nextNumber(request.job());
    Path folder = home.build(request.job(), number);
    Files.createDirectories(folder);
    Integer restarted = restarted(request);
    if (restarted == null) {
      Path from = Path.of(request.text("repository"));
      Home.copy(from.resolve("vars"), folder.resolve("library/vars"));
      Home.copy(from.resolve("resources"), folder.resolve("library/resources"));
      Files.copy(from.resolve(request.text("jenkinsfile")), folder.resolve("Jenkinsfile"));
    } else {
      Path original = home.build(request.job(), restarted);
      Home.copy(original.resolve("library"), folder.resolve("library"));
      Home.copy(original.resolve("archive"), folder.resolve("archive"));
      Files.copy(original.resolve("Jenkinsfile"), folder.resolve("Jenkinsfile"));
    }
    return folder;
  }

  private static Integer restarted(Request request) {
    return (Integer) request.map("restart").get("build");
  }

  private static Build build(Request request, Path folder) {
    int number = Integer.parseInt(folder.getFileName().toString());
    Integer restarted = restarted(request);
    if (restarted == null) return new Build(request.job(), number, folder, request.map("parameters"), request.text("user"), null);
    Map<String, Object> original = new Home(request.home()).finished(request.job(), restarted);
    String stage = (String) request.map("restart").get("stage");
    Build build = new Build(request.job(), number, folder, Symbol.map(original.get("given")), request.text("user"), stage);
    Symbol.map(original.get("environment")).forEach((name, value) -> build.environment.put(name, (String) value));
    return build;
  }

  private static void run(Program program, PipelineScript script) throws Exception {
    try {
      program.begin(script);
      program.machine.run();
      Throwable failure = Program.current.ended.getAbnormal();
      if (failure != null) fail(failure);
    } catch (RuntimeException | IOException thrown) {
      fail(thrown);
    }
  }

  private static void fail(Throwable thrown) {
    Program.current.build.failedBy(thrown);
    Program.current.machine.log.line(thrown.toString());
    for (StackTraceElement element : thrown.getStackTrace()) Program.current.machine.log.line("\tat " + element);
  }

  /** Jenkins only warns when code that isn't CPS-transformed calls code that is, and goes wrong afterwards. A file of vars/ by its name is no such mistake. */
  private static void refuseMismatch(Object expectedReceiver, String expected, Object receiver, String found) {
    if (Program.current.machine.library.hasVariable(expected) || expected.equals("pipeline")) return;
    throw new Refusal("Expected to call " + expected + " but wound up catching " + found + ": a CPS-transformed block where none may be");
  }
}
