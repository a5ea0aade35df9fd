package controller;

import groovy.json.JsonSlurper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is asked of one run of this program: one build. Read once from a JSON file; see test/jenkins/jenkins.ts, which writes it. */
record Request(Map<String, Object> json) {
  @SuppressWarnings("unchecked")
  static Request read(Path file) {
    return new Request((Map<String, Object>) new JsonSlurper().parse(file.toFile(), "UTF-8"));
  }

  Path home() {
    return Path.of(text("home"));
  }

  String job() {
    return text("job");
  }

  String text(String name) {
    return (String) json.get(name);
  }

  @SuppressWarnings("unchecked")
  <T> Map<String, T> map(String name) {
    Map<String, T> found = (Map<String, T>) json.get(name);
    return found == null ? Map.of() : found;
  }

  @SuppressWarnings("unchecked")
  List<String> list(String name) {
    List<String> found = (List<String>) json.get(name);
    return found == null ? List.of() : found;
  }
}
