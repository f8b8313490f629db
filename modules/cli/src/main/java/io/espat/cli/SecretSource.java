package io.espat.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads the first line of a descriptor, a file or a program's output as a secret. */
final class SecretSource {
  private static final int LONGEST = 8192;

  private final Duration limit;

  /** Every source must give its line within {@code limit}. */
  SecretSource(Duration limit) {
    this.limit = limit;
  }

  Secret ofDescriptor(int number, InputStream standardInput) throws FailureException {
    String name = "file descriptor " + number;
    if (number == 1 || number == 2) {
      throw FailureException.usage(
          "--password-fd " + number + " is an output", "use 0 or a descriptor from 3 on");
    }
    if (number == 0) return firstLine(name, standardInput);
    Path path = Path.of("/dev/fd/" + number);
    if (!Files.exists(path) || isJavas(path)) throw unreadable(name, "it is not open");
    return open(name, path);
  }

  /** Java gives a number that was closed when it started to the next library that it opens. */
  private static boolean isJavas(Path descriptor) {
    try {
      Path file = descriptor.toRealPath();
      return file.startsWith(Path.of(System.getProperty("java.home")).toRealPath())
          || file.toString().endsWith(".jar");
    } catch (IOException e) { // a pipe, or a system that does not tell
      return false;
    }
  }

  Secret ofFile(Path file) throws FailureException {
    String name = "password file " + file;
    if (Files.isDirectory(file)) throw unreadable(name, "it is a folder");
    if (!Files.exists(file)) throw unreadable(name, "there is no such file");
    refuseReadableByOthers(name, file);
    return open(name, file);
  }

  /**
   * Runs {@code command} by the shell, without the secrets of our own environment, and without our
   * input unless a person sits there: it may be the mail.
   */
  Secret ofCommand(String command, boolean inputIsTerminal) throws FailureException {
    String name = "password command";
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    ProcessBuilder builder =
        new ProcessBuilder(windows ? List.of("cmd", "/c", command) : List.of("sh", "-c", command));
    builder.environment().keySet().removeIf(key -> key.startsWith("ESPAT_"));
    if (inputIsTerminal) builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      try {
        if (!inputIsTerminal) process.getOutputStream().close();
        return ended(name, process, firstLine(name, process.getInputStream()));
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw unreadable(name, String.valueOf(e.getMessage()));
    }
  }

  private Secret ended(String name, Process process, Secret secret) throws FailureException {
    boolean good = false;
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw unreadable(name, "it did not end within " + limit.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw unreadable(name, "it ended with status " + process.exitValue());
      }
      good = true;
      return secret;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable(name, "interrupted");
    } finally {
      if (!good) secret.close();
    }
  }

  private Secret open(String name, Path path) throws FailureException {
    try (InputStream in = new FileInputStream(path.toFile())) {
      return firstLine(name, in);
    } catch (IOException e) {
      throw unreadable(name, "it cannot be opened");
    }
  }

  private static void refuseReadableByOthers(String name, Path file) throws FailureException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, new LinkOption[0]);
    if (view == null) return; // no such permissions here (Windows)
    try {
      Set<PosixFilePermission> permissions = view.readAttributes().permissions();
      if (permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ)) {
        throw new FailureException(
            Failure.of(ErrorId.FILE_READ, "others may read it: " + file)
                .what(name + " is not private")
                .remedy("chmod 600 " + file));
      }
    } catch (IOException e) {
      throw unreadable(name, "its permissions cannot be read");
    }
  }

  /** Reads in a thread of its own: a pipe whose writer never writes must not hold the command. */
  private Secret firstLine(String name, InputStream in) throws FailureException {
    BlockingQueue<Object> answer = new ArrayBlockingQueue<>(1);
    Thread reader = new Thread(() -> answer.add(readLine(in)), "espat-secret");
    reader.setDaemon(true);
    reader.start();
    try {
      Object result = answer.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (result == null) throw unreadable(name, "nothing came within " + limit.toSeconds() + " s");
      if (result instanceof Secret secret) return secret;
      throw unreadable(name, (String) result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable(name, "interrupted");
    }
  }

  /** The secret, or the reason why there is none. */
  private static Object readLine(InputStream in) {
    byte[] line = new byte[LONGEST];
    try {
      int length = 0;
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        if (length == line.length) return "its first line is longer than " + LONGEST + " bytes";
        line[length++] = (byte) next;
      }
      if (length > 0 && line[length - 1] == '\r') length--;
      return length == 0 ? "its first line is empty" : decode(line, length);
    } catch (CharacterCodingException e) {
      return "its first line is not UTF-8";
    } catch (IOException e) {
      return "it cannot be read";
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private static Secret decode(byte[] line, int length) throws CharacterCodingException {
    CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length));
    char[] chars = new char[text.remaining()];
    text.get(chars);
    Arrays.fill(text.array(), '\0');
    return new Secret(chars);
  }

  private static FailureException unreadable(String name, String why) {
    return new FailureException(
        Failure.of(ErrorId.FILE_READ, why)
            .what(name + " gave no secret")
            .remedy("the secret must stand alone in the first line"));
  }
}
