package controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Hands out workspaces: of agents that live as long as one block, or with `agents: 'lasting'` of one that keeps its workspaces, as a real one does. */
final class Agents {
  private final Path folder;
  private final boolean lasting;
  private final Deque<Path> free = new ArrayDeque<>();

  Agents(Request request) {
    this.folder = request.home().resolve("agents");
    this.lasting = "lasting".equals(request.text("agents"));
  }

  Path take() throws IOException {
    if (!free.isEmpty()) return free.pop();
    Files.createDirectories(folder);
    Path agent = Files.createTempDirectory(folder, "agent-");
    return Files.createDirectory(agent.resolve("workspace"));
  }

  void giveBack(Path workspace) throws IOException {
    if (lasting) free.push(workspace);
    else Home.remove(workspace.getParent());
  }
}
