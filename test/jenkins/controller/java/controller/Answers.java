package controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What people say to the questions of the build: per id of the input, else under `*`, one after the other. */
final class Answers {
  private final Map<String, List<Map<String, String>>> given;

  Answers(Request request) {
    this.given = request.map("answers");
  }

  /** What people do about one question, in this order, until one of it ends the waiting. */
  List<Map<String, String>> next(String id) {
    List<Map<String, String>> own = given.getOrDefault(id, given.getOrDefault("*", List.of()));
    if (own.isEmpty()) throw new Refusal("Nobody is there to answer " + id);
    return new ArrayList<>(own);
  }
}
