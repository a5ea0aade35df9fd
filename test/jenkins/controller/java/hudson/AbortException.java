package hudson;

import java.io.IOException;

/** What steps of Jenkins throw when they fail with a message and no stack trace; pipelines catch it by this name. */
public class AbortException extends IOException {
  private static final long serialVersionUID = 1L;

  public AbortException(String message) {
    super(message);
  }
}
