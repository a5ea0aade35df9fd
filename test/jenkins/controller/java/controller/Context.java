package controller;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a thread of the build is: which agent's folder, and which variables the blocks around it have set. `folder` is null where no agent is held. */
record Context(String workspace, String folder, LinkedHashMap<String, String> variables) implements Serializable {
  static final Context OUTSIDE = new Context(null, null, new LinkedHashMap<>());

  Context on(String workspace) {
    return new Context(workspace, workspace, variables);
  }

  Context in(String folder) {
    return new Context(workspace, folder, variables);
  }

  Context with(Map<String, String> more) {
    LinkedHashMap<String, String> all = new LinkedHashMap<>(variables);
    all.putAll(more);
    return new Context(workspace, folder, all);
  }
}
