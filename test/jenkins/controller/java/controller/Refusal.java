package controller;

import java.util.ArrayList;
import java.util.List;

/**
 * What Jenkins would not take, or what this stand-in does not know. It fails the build, and is remembered besides: the library must not be able
 * to swallow it with catchError.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final List<String> all = new ArrayList<>();

  public Refusal(String message) {
    super(message);
    all.add(message);
  }
}
