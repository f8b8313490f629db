package io.espat.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into an exception and what caused it. */
final class Causes {
  private Causes() {}

  /** The exception, its causes and what was suppressed, nearest first. */
  static List<Throwable> of(Throwable thrown) {
    List<Throwable> found = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each = thrown; each != null && seen.add(each); each = each.getCause()) {
      found.add(each);
    }
    return found;
  }

  /** The nearest cause of a type. */
  static <T> Optional<T> find(Throwable thrown, Class<T> type) {
    return of(thrown).stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** What an exception says, in words that stand alone: file exceptions say the path only. */
  static String words(Throwable thrown) {
    if (thrown instanceof FileSystemException file) return file.getFile() + ": " + reason(file);
    @Nullable String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
  }

  private static String reason(FileSystemException thrown) {
    if (thrown instanceof NoSuchFileException) return "no such file or folder";
    if (thrown instanceof AccessDeniedException) return "permission denied";
    if (thrown instanceof FileAlreadyExistsException) return "it exists already";
    @Nullable String reason = thrown.getReason();
    return reason == null ? "cannot be used" : reason;
  }
}
