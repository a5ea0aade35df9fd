package controller;

import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingPropertyException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The global variables of a pipeline that the library uses: env, params, currentBuild. They hold nothing themselves. */
final class Globals {
  private Globals() {}

  static Object get(String name) {
    return switch (name) {
      case "env" -> new Env();
      case "params" -> new LinkedHashMap<>(Program.current.build.parameters);
      case "currentBuild" -> new CurrentBuild();
      default -> null;
    };
  }

  /** Reads what blocks and parameters set, too; writes for the rest of the build and for restarts of it. */
  static final class Env extends GroovyObjectSupport implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object getProperty(String name) {
      return Program.current.build.variables(Program.current.running.context).get(name);
    }

    @Override
    public void setProperty(String name, Object value) {
      Program.current.build.environment.put(name, String.valueOf(value));
    }
  }

  /** The part of RunWrapper that the sandbox of Jenkins lets pass and the library uses. */
  static final class CurrentBuild extends GroovyObjectSupport implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object getProperty(String name) {
      Build build = Program.current.build;
      return switch (name) {
        case "displayName" -> build.displayName;
        case "description" -> build.description;
        case "keepLog" -> build.keepLog;
        case "number" -> build.number;
        case "currentResult" -> build.result;
        default -> throw new MissingPropertyException(name, CurrentBuild.class);
      };
    }

    @Override
    public void setProperty(String name, Object value) {
      Build build = Program.current.build;
      switch (name) {
        case "displayName" -> build.displayName = value.toString();
        case "description" -> build.description = value.toString();
        case "keepLog" -> build.keepLog = (Boolean) value;
        default -> throw new MissingPropertyException(name, CurrentBuild.class);
      }
    }

    /** Of a restarted build, it names only who restarted it; of one that a timer started, nobody. */
    public List<Map<String, Object>> getBuildCauses(String type) {
      if (!type.equals("hudson.model.Cause$UserIdCause")) throw new Refusal("getBuildCauses knows no " + type + " here");
      String user = Program.current.build.user;
      return user == null ? List.of() : List.of(new LinkedHashMap<>(Map.of("userId", user, "userName", user)));
    }
  }
}
