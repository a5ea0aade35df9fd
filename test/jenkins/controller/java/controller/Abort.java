package controller;

import java.util.Map;

/** Presses the button that aborts the build, at the moment that the request names: when a shell `starts` (by its label) or `says` a text. */
final class Abort {
  private Abort() {}

  static void when(Machine machine, String text, String moment) {
    Map<String, String> wanted = machine.request.map("abort");
    if (!moment.equals(wanted.get("when")) || !text.contains(wanted.get("text"))) return;
    machine.post(program -> program.abort(wanted.get("user")));
  }
}
