package io.espat.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A message in a file, streamed from the disk. */
record FileLetter(Path file) implements Letter {
  @Override
  public void writeTo(OutputStream out) throws IOException {
    Files.copy(file, out);
  }
}
