package controller;

import groovy.json.JsonSlurper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Jobs, builds and their archived artifacts on disk: what outlives one run of this program. */
record Home(Path folder) {
  Path builds(String job) {
    return folder.resolve("jobs" + job).resolve("builds");
  }

  Path build(String job, int number) {
    return builds(job).resolve(String.valueOf(number));
  }

  int nextNumber(String job) throws IOException {
    Files.createDirectories(builds(job));
    try (Stream<Path> all = Files.list(builds(job))) {
      return 1 + all.mapToInt(path -> Integer.parseInt(path.getFileName().toString())).max().orElse(0);
    }
  }

  /** The record of a finished build. */
  @SuppressWarnings("unchecked")
  Map<String, Object> finished(String job, int number) {
    Path file = build(job, number).resolve("build.json");
    if (!Files.exists(file)) throw new Refusal("Job " + job + " has no finished build " + number);
    return (Map<String, Object>) new JsonSlurper().parse(file.toFile(), "UTF-8");
  }

  static void copy(Path from, Path to) throws IOException {
    for (Path path : files(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      Files.createDirectories(target.getParent());
      Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) return List.of();
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    }
  }
}
