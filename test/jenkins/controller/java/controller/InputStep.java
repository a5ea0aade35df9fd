package controller;

import com.cloudbees.groovy.cps.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** `input`: people answer as the request says. Who is not among the submitters, nor an administrator, is sent away and the build stays paused. */
public final class InputStep extends Pending {
  private static final long serialVersionUID = 1L;
  private final String inputId;
  private final String submitter;
  private final List<String> answered = new ArrayList<>();

  private InputStep(Program program, String inputId, String submitter) {
    super(program, "input " + inputId);
    this.inputId = inputId;
    this.submitter = submitter;
  }

  public static Object run(Call call) {
    Arguments arguments = call.arguments("message", "id", "ok", "submitter", "submitterParameter");
    String id = arguments.text("id");
    if (!id.matches("[A-Za-z0-9-]+")) throw new Refusal("The id of an input stands in URLs; " + id + " can't");
    if (call.context().workspace() != null) throw new Refusal("input " + id + " holds an agent while it waits");
    if (!arguments.has("submitterParameter")) throw new Refusal("input " + id + " does not tell who answered");
    InputStep step = new InputStep(call.program(), id, arguments.text("submitter", ""));
    call.machine().log.line("[input] " + arguments.text("message") + "\n" + arguments.text("ok") + " or Abort");
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("id", id);
    asked.put("message", arguments.text("message"));
    asked.put("submitter", step.submitter);
    asked.put("answers", step.answered);
    call.program().build.inputs.add(asked);
    List<Map<String, String>> answers = call.machine().answersTo(id);
    int waited = step.id;
    call.machine().post(program -> {
      if (program.isWaitedFor(waited)) ((InputStep) program.waitingFor(waited).waiting).answer(program, answers);
    });
    return step;
  }

  private void answer(Program program, List<Map<String, String>> answers) {
    for (Map<String, String> answer : answers) {
      String user = answer.get("user");
      String action = answer.get("action");
      answered.add(user == null ? action : action + " by " + user);
      switch (action) {
        case "time out" -> runOut(program);
        case "abort the build" -> program.abort(user);
        case "approve", "reject" -> {
          if (!may(program, user)) {
            program.machine.log.line("[input] " + user + " may not answer " + inputId);
            continue;
          }
          boolean approved = action.equals("approve");
          program.complete(id, approved ? new Outcome(user, null) : new Outcome(null, new FlowInterruptedException("Rejected by " + user)));
        }
        default -> throw new Refusal("Nobody can " + action);
      }
      return;
    }
    throw new Refusal("Nobody is left to answer " + inputId);
  }

  private boolean may(Program program, String user) {
    if (program.machine.request.list("administrators").contains(user)) return true;
    return submitter.isEmpty() || Arrays.asList(submitter.split(",")).contains(user);
  }

  /** Nobody answers: the clock goes on until the innermost timeout around this is over. */
  private void runOut(Program program) {
    PipelineThread at = program.waitingFor(id);
    while (at.parent != null && !(at.parent instanceof BlockSteps.Timeout)) at = program.waitingFor(at.parent.id);
    if (!(at.parent instanceof BlockSteps.Timeout timeout)) throw new Refusal("input " + inputId + " would wait for ever: no timeout is around it");
    timeout.runOut(program);
  }

  @Override
  public void stop(Program program, FlowInterruptedException why) {
    super.stop(program, why);
    program.complete(id, new Outcome(null, why));
  }
}
