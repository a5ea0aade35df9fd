package controller;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The console log of a build. */
record Log(Path file) {
  synchronized void line(String text) {
    try {
      Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }
}
