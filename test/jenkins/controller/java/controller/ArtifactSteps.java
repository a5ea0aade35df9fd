package controller;

import hudson.AbortException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Steps that carry files between agents and builds: the only way there is. */
public final class ArtifactSteps {
  private ArtifactSteps() {}

  public static void register(Map<String, Step> steps) {
    steps.put("archiveArtifacts", ArtifactSteps::archive);
    steps.put("unarchive", ArtifactSteps::unarchive);
    steps.put("copyArtifacts", ArtifactSteps::copyFromBuild);
    steps.put("specific", call -> Symbol.of("specific", call.given(), "buildNumber"));
  }

  private static Object archive(Call call) throws IOException {
    Arguments arguments = call.arguments("artifacts", "allowEmptyArchive");
    int copied = copy(call.folder(), arguments.text("artifacts"), call.program().build.archive());
    if (copied == 0 && !arguments.flag("allowEmptyArchive")) throw new AbortException("No artifacts found that match " + arguments.text("artifacts"));
    return null;
  }

  private static Object unarchive(Call call) throws IOException {
    Map<String, Object> mapping = Symbol.map(call.arguments("mapping").value("mapping", Map.class));
    for (Map.Entry<String, Object> entry : mapping.entrySet()) {
      int copied = copy(call.program().build.archive(), entry.getKey(), call.folder().resolve(entry.getValue().toString()));
      if (copied == 0) throw new AbortException("No artifacts found that match " + entry.getKey());
    }
    return null;
  }

  private static Object copyFromBuild(Call call) throws IOException {
    Arguments arguments = call.arguments("projectName", "selector", "filter");
    String job = arguments.text("projectName");
    if (!job.startsWith("/")) throw new Refusal("copyArtifacts takes " + job + " as relative to the folder of the job; a full name begins with a slash");
    String number = Symbol.expect(arguments.value("selector", Object.class), "specific").text("buildNumber");
    Home home = call.machine().home;
    Path build = number.matches("[0-9]+") ? home.build(job, Integer.parseInt(number)) : null;
    if (build == null || !Files.exists(build)) throw new AbortException("Unable to find a build for artifact copy from: " + job);
    mayCopy(call, job, home);
    int copied = copy(build.resolve("archive"), arguments.text("filter"), call.folder());
    if (copied == 0) throw new AbortException("Failed to copy artifacts from " + job + " with filter: " + arguments.text("filter"));
    return null;
  }

  /** The job that is copied from must permit it, even where it is the same job: by the options of its newest build. */
  private static void mayCopy(Call call, String job, Home home) throws IOException {
    String own = call.program().build.job;
    Object permitted = own.equals(job)
        ? call.program().build.declared.get("copyArtifactPermission")
        : ((Map<?, ?>) home.finished(job, home.nextNumber(job) - 1).get("declared")).get("copyArtifactPermission");
    List<String> jobs = permitted == null ? List.of() : Arrays.stream(permitted.toString().split(",")).map(String::trim).toList();
    if (!jobs.contains(own)) throw new AbortException("Unable to find project for artifact copy: " + job + " does not permit " + own);
  }

  private static int copy(Path from, String pattern, Path to) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    int copied = 0;
    for (Path file : Home.files(from)) {
      Path inside = from.relativize(file);
      if (!matcher.matches(inside)) continue;
      Path target = to.resolve(inside.toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      copied++;
    }
    return copied;
  }
}
