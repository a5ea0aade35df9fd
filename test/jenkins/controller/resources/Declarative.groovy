// Runs a declarative pipeline that was read. Itself CPS-transformed, as the interpreter in Jenkins is: where it stands is saved with the rest.

def call(pipeline) {
  Throwable failure = null
  withEnv(pipeline.environment) {
    failure = runStages(pipeline.stages)
    if (failure != null) pipeline.failed(failure)
    if (pipeline.always != null) {
      try {
        pipeline.always.call()
      } catch (Throwable thrown) {
        pipeline.failed(thrown)
      }
    }
  }
}

/** Once one fails, the others are skipped. Gives what failed. */
Throwable runStages(List stages) {
  Throwable failure = null
  for (int i = 0; i < stages.size(); i++) {
    def stage = stages[i]
    if (failure != null) {
      stage.mark('SKIPPED')
    } else {
      try {
        runStage(stage)
      } catch (Throwable thrown) {
        failure = thrown
      }
    }
  }
  return failure
}

void runStage(stage) {
  if (stage.condition != null && !stage.condition.call()) {
    stage.mark('NOT_EXECUTED')
    return
  }
  stage.mark('RUNNING')
  try {
    runBody(stage)
    stage.mark('SUCCESS')
  } catch (Throwable thrown) {
    stage.mark('FAILED')
    throw thrown
  }
}

void runBody(stage) {
  if (stage.steps != null) {
    stage.steps.call()
  } else if (stage.branches != null) {
    List branches = []
    for (int i = 0; i < stage.branches.size(); i++) branches.add(branch(stage.branches[i]))
    'declarative parallel'(branches)
  } else {
    Throwable failure = runStages(stage.stages)
    if (failure != null) throw failure
  }
}

def branch(stage) {
  return { runStage(stage) }
}
