package controller;

import java.util.List;

/** What a Jenkinsfile declares of its job: parameters, options, triggers. */
final class Declarations {
  private Declarations() {}

  static Section parameters(Build build) {
    return new Section("parameters")
        .many("string", given -> string(build, new Arguments("string", given, "name", "defaultValue", "description", "trim")))
        .many("choice", given -> choice(build, new Arguments("choice", given, "name", "choices", "description")))
        .many("booleanParam", given -> flag(build, new Arguments("booleanParam", given, "name", "defaultValue", "description")));
  }

  private static Object string(Build build, Arguments declared) {
    String value = (String) build.given.getOrDefault(declared.text("name"), declared.text("defaultValue"));
    return build.parameters.put(declared.text("name"), declared.flag("trim") ? value.trim() : value);
  }

  private static Object choice(Build build, Arguments declared) {
    List<?> choices = declared.value("choices", List.class);
    Object value = build.given.getOrDefault(declared.text("name"), choices.get(0));
    if (!choices.contains(value)) throw new Refusal(declared.text("name") + " takes one of " + choices + ", not " + value);
    return build.parameters.put(declared.text("name"), value);
  }

  private static Object flag(Build build, Arguments declared) {
    return build.parameters.put(declared.text("name"), build.given.getOrDefault(declared.text("name"), declared.value("defaultValue", Boolean.class)));
  }

  static void refuseUnknown(Build build) {
    for (String name : build.given.keySet()) if (!build.parameters.containsKey(name)) throw new Refusal("The job has no parameter " + name);
  }

  static Section options(Build build) {
    return new Section("options")
        .once("skipDefaultCheckout", given -> declare(build, "skipDefaultCheckout", new Arguments("skipDefaultCheckout", given)))
        .once("disableConcurrentBuilds", given -> declare(build, "disableConcurrentBuilds", new Arguments("disableConcurrentBuilds", given)))
        .once("timestamps", given -> declare(build, "timestamps", new Arguments("timestamps", given)))
        .once("durabilityHint", given -> declare(build, "durabilityHint", new Arguments("durabilityHint", given, "value").text("value")))
        .once("quietPeriod", given -> declare(build, "quietPeriod", new Arguments("quietPeriod", given, "value").value("value", Integer.class)))
        .once("copyArtifactPermission", given -> declare(build, "copyArtifactPermission", new Arguments("copyArtifactPermission", given, "projectNames").text("projectNames")))
        .once("buildDiscarder", given -> declare(build, "buildDiscarder", Symbol.expect(given[0], "logRotator").text("numToKeepStr")))
        .once("logRotator", given -> Symbol.of("logRotator", given, "numToKeepStr"));
  }

  static Section triggers(Build build) {
    return new Section("triggers").once("cron", given -> declare(build, "cron", new Arguments("cron", given, "spec").text("spec")));
  }

  private static Object declare(Build build, String name, Object value) {
    build.declared.put(name, value instanceof Arguments ? true : value);
    return null;
  }
}
