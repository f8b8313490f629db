package io.espat.ftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The local NAME.part of a download, which gets its name when every byte is there. */
final class PartFile {
  private final Path target;
  private final Path part;
  private boolean begun;
  private @Nullable Object key; // null on Windows, where nobody can replace a file that is open

  PartFile(Path target) {
    Path name = Objects.requireNonNull(target.getFileName(), "a local file name");
    this.target = target;
    this.part = target.resolveSibling(name + Upload.PART);
  }

  /**
   * Begins it anew, as a file that did not exist before: so it is no link, no pipe, no file that
   * somebody else holds open.
   */
  OutputStream open() throws IOException {
    if (Files.isDirectory(target)) throw inTheWay(target, "is a directory");
    if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
        throw inTheWay(part, "is no regular file, and would be overwritten");
      }
      Files.delete(part);
    }
    OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      key = attributes().fileKey();
      begun = true;
      return out;
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  /**
   * Gives it its name; the bytes reach the disk first, so that no power cut leaves an empty file.
   */
  void complete() throws IOException {
    if (!own()) throw inTheWay(part, "belongs to another download that began meanwhile");
    try (FileChannel whole =
        FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      whole.force(true);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A part without a byte is of no use to anybody. */
  void discardIfEmpty() throws IOException {
    if (own() && Files.size(part) == 0) Files.delete(part);
  }

  /** False if somebody else has put a file in its place, or taken it away. */
  private boolean own() throws IOException {
    try {
      return begun && Objects.equals(key, attributes().fileKey());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileSystemException inTheWay(Path file, String why) {
    return new FileSystemException(file.toString(), null, why);
  }
}
