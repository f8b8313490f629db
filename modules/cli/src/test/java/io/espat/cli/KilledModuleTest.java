package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The module dies in the middle, at ten points of a mail and of an upload. */
class KilledModuleTest {
  private static final int POINTS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @TempDir Path folder;
  private Path remote;
  private DemoServers servers;
  private Peers peers;
  private Path local;
  private byte[] content;

  @BeforeEach
  void start() throws IOException {
    remote = Files.createDirectory(folder.resolve("remote"));
    servers = new DemoServers(remote, Peers.SECRET);
    servers.authority().writePem(folder.resolve("server-ca.pem"));
    peers = new Peers(folder);
    content = new byte[120_000];
    new Random(42).nextBytes(content);
    local = Files.write(folder.resolve("log.bin"), content);
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private Cli.Outcome mail(CutWire wire) {
    List<String> command = peers.send(wire.device(), "mail.test", servers.mailPort());
    return new Cli().run(command, "--cacert", ca(), "-a", local.toString());
  }

  private Cli.Outcome upload(CutWire wire) {
    List<String> command = peers.files("upload", wire.device(), servers.filesPort());
    return new Cli().run(command, "--cacert", ca(), local.toString());
  }

  private String ca() {
    return folder.resolve("server-ca.pem").toString();
  }

  /** How many bytes a whole run writes to the module. */
  private interface Command {
    Cli.Outcome run(CutWire wire);
  }

  private static long whole(Command command) throws IOException {
    try (CutWire wire = new CutWire(Long.MAX_VALUE)) {
      assertThat(command.run(wire).code()).isZero();
      return wire.heard();
    }
  }

  private Stream<Long> points(Command command) throws IOException {
    long whole = whole(command);
    return IntStream.rangeClosed(1, POINTS).mapToObj(i -> whole * i / (POINTS + 1));
  }

  @TestFactory
  Stream<DynamicTest> aMailIsNotCalledSent() throws IOException {
    return points(this::mail)
        .map(
            point ->
                DynamicTest.dynamicTest(
                    "after " + point + " bytes", () -> assertFails(this::mail, point)));
  }

  @TestFactory
  Stream<DynamicTest> anUploadLeavesTheOldFileOrTheWholeNewOne() throws IOException {
    return points(this::upload)
        .map(
            point ->
                DynamicTest.dynamicTest(
                    "after " + point + " bytes",
                    () -> {
                      Files.writeString(remote.resolve("log.bin"), "the old file");
                      assertFails(this::upload, point);
                      assertThat(remote.resolve("log.bin")).hasContent("the old file");
                    }));
  }

  private static void assertFails(Command command, long point) throws IOException {
    try (CutWire wire = new CutWire(point)) {
      long start = System.nanoTime();
      Cli.Outcome outcome = command.run(wire);
      assertThat(outcome.code()).as(outcome.err()).isIn(74, 75);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).contains("  why  ", "  do  ").doesNotContain("sent  ");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    }
  }
}
