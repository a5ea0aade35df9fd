package controller;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Steps about files on the agent, and about texts and words for people. */
public final class FileSteps {
  private FileSteps() {}

  public static void register(Map<String, Step> steps) {
    steps.put("echo", FileSteps::echo);
    steps.put("unstable", FileSteps::unstable);
    steps.put("pwd", FileSteps::pwd);
    steps.put("deleteDir", FileSteps::deleteDir);
    steps.put("fileExists", FileSteps::fileExists);
    steps.put("writeFile", FileSteps::writeFile);
    steps.put("libraryResource", FileSteps::libraryResource);
  }

  private static Object echo(Call call) {
    call.machine().log.line(call.arguments("message").text("message"));
    return null;
  }

  private static Object unstable(Call call) {
    String message = call.arguments("message").text("message");
    call.machine().log.line("WARNING: " + message);
    call.program().build.worsen("UNSTABLE");
    return null;
  }

  private static Object pwd(Call call) {
    // Jenkins puts the temporary folder beside the workspace.
    return call.folder() + (call.arguments("tmp").flag("tmp") ? "@tmp" : "");
  }

  private static Object deleteDir(Call call) throws IOException {
    call.arguments();
    Home.remove(call.folder());
    return null;
  }

  private static Object fileExists(Call call) {
    return Files.exists(call.folder().resolve(call.arguments("file").text("file")));
  }

  private static Object writeFile(Call call) throws IOException {
    Arguments arguments = call.arguments("file", "text", "encoding");
    Path file = call.folder().resolve(arguments.text("file"));
    Files.createDirectories(file.getParent());
    Files.write(file, bytes(arguments.text("text"), arguments.text("encoding", "UTF-8")));
    return null;
  }

  private static byte[] bytes(String text, String encoding) {
    return encoding.equals("Base64") ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  private static Object libraryResource(Call call) throws IOException {
    Arguments arguments = call.arguments("resource", "encoding");
    byte[] bytes = call.machine().library.resource(arguments.text("resource"));
    boolean base64 = arguments.text("encoding", "UTF-8").equals("Base64");
    return base64 ? Base64.getEncoder().encodeToString(bytes) : new String(bytes, StandardCharsets.UTF_8);
  }
}
