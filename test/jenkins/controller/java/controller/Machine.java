package controller;

import com.cloudbees.groovy.cps.ObjectInputStreamWithLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** What is alive while a build runs, and what a controller that restarts would find again: processes, events that wait, the log. */
final class Machine {
  final Request request;
  final Home home;
  final Log log;
  final Library library;
  final Agents agents;
  final Map<Integer, Process> processes = new HashMap<>();
  private final LinkedBlockingQueue<Consumer<Program>> events = new LinkedBlockingQueue<>();
  /** How far the clock was set ahead, in milliseconds, so that nobody has to wait for a timeout. */
  long skipped;
  long largestProgram;

  Machine(Request request, Log log, Library library) {
    this.request = request;
    this.home = new Home(request.home());
    this.log = log;
    this.library = library;
    this.agents = new Agents(request);
  }

  /** Has something happen to the program as soon as all of its threads wait. From any thread. */
  void post(Consumer<Program> event) {
    events.add(event);
  }

  long now() {
    return System.currentTimeMillis() + skipped;
  }

  /** What people do about one question, in this order, until something of it ends the waiting. Listed by the id of the input, or under `*` for all others. */
  List<Map<String, String>> answersTo(String input) {
    Map<String, List<Map<String, String>>> all = request.map("answers");
    List<Map<String, String>> found = all.getOrDefault(input, all.getOrDefault("*", List.of()));
    if (found.isEmpty()) throw new Refusal("Nobody is there to answer " + input);
    return found;
  }

  /** Runs the program to its end. Saves it whenever all of it waits, and goes on with what was saved: the controller may restart at any time. */
  void run() throws Exception {
    for (;;) {
      Program.current.advance();
      if (Program.current.ended != null) return;
      restart();
      events.take().accept(Program.current);
    }
  }

  private void restart() throws IOException, ClassNotFoundException {
    byte[] saved = save(Program.current);
    largestProgram = Math.max(largestProgram, saved.length);
    try (ObjectInputStreamWithLoader in = new ObjectInputStreamWithLoader(new ByteArrayInputStream(saved), library.loader())) {
      Program.current = (Program) in.readObject();
    }
    Program.current.machine = this;
  }

  private static byte[] save(Program program) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(program);
    } catch (NotSerializableException thrown) {
      List<String> steps = program.threads.values().stream().map(thread -> thread.waiting == null ? "-" : thread.waiting.step).toList();
      throw new Refusal("The program can't be saved while it waits for " + steps + ": " + thrown.getMessage() + " is not serializable");
    }
    return bytes.toByteArray();
  }
}
