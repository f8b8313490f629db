package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartFileTest {
  @TempDir private Path folder;
  private Path target;
  private Path part;

  @BeforeEach
  void nameTheFiles() {
    target = folder.resolve("f");
    part = folder.resolve("f.part");
  }

  @Test
  void theNameIsGivenAtTheEnd() throws IOException {
    Files.writeString(target, "old");
    PartFile file = written("new");
    assertThat(target).hasContent("old");
    file.complete();
    assertThat(target).hasContent("new");
    assertThat(part).doesNotExist();
  }

  @Test
  void ofTwoDownloadsAtATimeTheNameGetsAWholeOne() throws IOException {
    PartFile first = new PartFile(target);
    try (OutputStream one = first.open()) {
      one.write("first, ".getBytes(StandardCharsets.UTF_8));
      PartFile second = new PartFile(target);
      try (OutputStream two = second.open()) {
        two.write("sec".getBytes(StandardCharsets.UTF_8));
        one.write("whole".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(first::complete)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("another download");
        assertThat(target).doesNotExist();
        two.write("ond".getBytes(StandardCharsets.UTF_8));
      }
      second.complete();
    }
    assertThat(target).hasContent("second");
    assertThatThrownBy(first::complete).isInstanceOf(FileSystemException.class);
    assertThat(target).hasContent("second");
  }

  @Test
  void aStalePartIsBegunAnewAndNotWrittenThrough() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "somebody else's");
    Files.createLink(part, other);
    written("new").complete();
    assertThat(target).hasContent("new");
    assertThat(other).hasContent("somebody else's");
  }

  @Test
  void aLinkInTheWayIsNeitherFollowedNorRemoved() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    Files.createSymbolicLink(part, other);
    PartFile file = new PartFile(target);
    assertThatThrownBy(file::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("no regular file");
    file.discardIfEmpty();
    assertThat(part).isSymbolicLink();
    assertThat(other).isEmptyFile();
  }

  @Test
  void aDirectoryOfThatNameIsNoticedAtTheBeginning() throws IOException {
    Files.createDirectory(target);
    assertThatThrownBy(new PartFile(target)::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is a directory");
    assertThat(part).doesNotExist();
  }

  @Test
  void onlyAnEmptyPartIsDiscarded() throws IOException {
    written("x").discardIfEmpty();
    assertThat(part).hasContent("x");
    written("").discardIfEmpty();
    assertThat(part).doesNotExist();
  }

  private PartFile written(String text) throws IOException {
    PartFile file = new PartFile(target);
    try (OutputStream out = file.open()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
