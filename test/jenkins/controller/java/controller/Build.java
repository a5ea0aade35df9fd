package controller;

import groovy.json.JsonOutput;
import groovy.json.JsonSlurper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** One build as Jenkins saves it: everything here survives a restart of the controller. */
final class Build implements Serializable {
  private static final long serialVersionUID = 1L;
  /** From good to bad. */
  private static final List<String> RESULTS = List.of("SUCCESS", "UNSTABLE", "FAILURE", "ABORTED");
  final String job;
  final int number;
  final String folder;
  /** As they were given; the Jenkinsfile declares them. */
  final Map<String, Object> given;
  final Map<String, Object> parameters = new LinkedHashMap<>();
  /** What the script set by `env.X = ...`. */
  final Map<String, String> environment = new LinkedHashMap<>();
  final Map<String, String> stages = new LinkedHashMap<>();
  final List<Map<String, Object>> inputs = new ArrayList<>();
  final Map<String, Object> declared = new LinkedHashMap<>();
  /** Who started or restarted this build; null: a timer. */
  final String user;
  /** The stage that a restart begins at; null: the first. */
  final String startAt;
  String result = "SUCCESS";
  String displayName;
  String description;
  boolean keepLog;

  Build(String job, int number, Path folder, Map<String, Object> given, String user, String startAt) {
    this.job = job;
    this.number = number;
    this.folder = folder.toString();
    this.given = new LinkedHashMap<>(given);
    this.user = user;
    this.startAt = startAt;
    this.displayName = "#" + number;
  }

  Path archive() {
    return Path.of(folder, "archive");
  }

  String url() {
    return "https://jenkins.invalid" + job.replace("/", "/job/") + "/" + number + "/";
  }

  /** What every process of the build finds in its environment, in the order of precedence. */
  Map<String, String> variables(Context context) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("BUILD_NUMBER", String.valueOf(number));
    all.put("BUILD_ID", String.valueOf(number));
    all.put("BUILD_URL", url());
    all.put("JOB_NAME", job.substring(1));
    parameters.forEach((name, value) -> all.put(name, String.valueOf(value)));
    all.putAll(environment);
    all.putAll(context.variables());
    return all;
  }

  /** Jenkins takes the worse of the result so far and another one. */
  void worsen(String other) {
    if (RESULTS.indexOf(other) > RESULTS.indexOf(result)) result = other;
  }

  void failedBy(Throwable error) {
    worsen(error instanceof FlowInterruptedException ? "ABORTED" : "FAILURE");
  }

  void write(long largestProgram) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", number);
    json.put("result", result);
    json.put("displayName", displayName);
    json.put("description", description);
    json.put("keepLog", keepLog);
    json.put("user", user);
    json.put("given", given);
    json.put("environment", environment);
    json.put("stages", stages);
    json.put("inputs", inputs);
    json.put("declared", declared);
    json.put("refusals", Refusal.all);
    json.put("largestProgram", largestProgram);
    Files.writeString(Path.of(folder, "build.json"), JsonOutput.prettyPrint(JsonOutput.toJson(json)));
  }
}
