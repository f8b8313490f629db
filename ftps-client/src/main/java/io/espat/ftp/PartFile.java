package io.espat.ftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** The local NAME.part of a download, which gets its name when every byte is there. */
final class PartFile {
  private final Path target;
  private final Path part;

  PartFile(Path target) {
    Path name = Objects.requireNonNull(target.getFileName(), "a local file name");
    this.target = target;
    this.part = target.resolveSibling(name + Upload.PART);
  }

  /** Begins it anew; never through a symbolic link that somebody put in its place. */
  OutputStream open() throws IOException {
    return Files.newOutputStream(
        part,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }

  void complete() throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A part without a byte is of no use to anybody. */
  void discardIfEmpty() throws IOException {
    if (Files.isRegularFile(part) && Files.size(part) == 0) Files.delete(part);
  }
}
