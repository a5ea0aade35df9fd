package controller;

import groovy.lang.Closure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A declarative pipeline as it was read. */
public final class Pipeline implements Serializable {
  private static final long serialVersionUID = 1L;
  public final List<Stage> stages = new ArrayList<>();
  public final List<String> environment = new ArrayList<>();
  public Closure<?> always;
  private final transient PipelineScript script;
  private final transient Set<String> names = new HashSet<>();

  private Pipeline(PipelineScript script) {
    this.script = script;
  }

  static Pipeline read(Object[] given, PipelineScript script) {
    Pipeline pipeline = new Pipeline(script);
    Build build = Program.current.build;
    pipeline.section("pipeline")
        .once("agent", Pipeline::agent)
        .once("parameters", block -> read(Declarations.parameters(build), block))
        .once("options", block -> read(Declarations.options(build), block))
        .once("triggers", block -> read(Declarations.triggers(build), block))
        .once("environment", block -> read(pipeline.section("environment").assignments(pipeline::assign), block))
        .once("stages", block -> pipeline.readStages("stages", block, pipeline.stages, false))
        .once("post", block -> read(pipeline.section("post").once("always", pipeline::readAlways), block))
        .read(given);
    Declarations.refuseUnknown(build);
    pipeline.beginAt(build.startAt);
    return pipeline;
  }

  private Section section(String name) {
    return new Section(name);
  }

  private static Object read(Section section, Object[] block) {
    section.read(block);
    return null;
  }

  private static Object agent(Object[] given) {
    if (given.length != 1 || !"none".equals(given[0])) throw new Refusal("Only agent none is known here: an agent is not held while people are asked");
    return null;
  }

  private void assign(String name, Object value) {
    if (!(value instanceof String text)) throw new Refusal("The variable " + name + " of the environment is no text");
    environment.add(name + "=" + text);
  }

  private Object readAlways(Object[] block) {
    always = Section.steps("always", block, script);
    return null;
  }

  private Object readStages(String name, Object[] block, List<Stage> into, boolean inParallel) {
    return read(section(name).many("stage", stage -> readStage(stage, into, inParallel)), block);
  }

  private Object readStage(Object[] given, List<Stage> into, boolean inParallel) {
    if (given.length != 2 || !(given[0] instanceof String name) || name.isBlank()) throw new Refusal("A stage takes a name and a block");
    if (!names.add(name)) throw new Refusal("There are two stages " + name);
    Stage stage = new Stage(name);
    into.add(stage);
    Object[] block = {given[1]};
    section("stage " + name)
        .once("when", when -> read(section("when").once("expression", expression -> stage.condition = Section.steps("expression", expression, script)), when))
        .once("steps", steps -> stage.steps = Section.steps("steps", steps, script))
        .once("stages", stages -> readStages("stages", stages, stage.stages = new ArrayList<>(), inParallel))
        .once("parallel", branches -> readStages("parallel", branches, stage.branches = new ArrayList<>(), true))
        .read(block);
    stage.complete(inParallel);
    return null;
  }

  /** A restart begins at a top-level stage; those before it are not run again. */
  private void beginAt(String name) {
    if (name == null) return;
    if (stages.stream().noneMatch(stage -> stage.name.equals(name))) throw new Refusal("The build can't be restarted at " + name + ": no top-level stage has that name");
    while (!stages.get(0).name.equals(name)) stages.remove(0).mark("SKIPPED FOR RESTART");
  }

  public void failed(Throwable error) {
    Program.current.build.failedBy(error);
    Program.current.machine.log.line(error.toString());
  }
}
