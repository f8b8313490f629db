package io.espat.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nonsense from the host neither throws anything in the module nor fills a heap of 64 MiB. */
class NoiseTest {

  @ParameterizedTest
  @ValueSource(strings = {"lines", "bytes", "faults"})
  void nonsenseNeitherThrowsNorFillsTheHeap(String kind) throws Exception {
    run(kind, System.nanoTime());
  }

  /** Whoever asks for IPv6 on a computer without it is refused. */
  @Test
  void aComputerWithoutTheOtherFamilyRefusesIt() throws Exception {
    run("six", 1, "-Djava.net.preferIPv4Stack=true");
  }

  private static void run(String kind, long seed, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(NoiseRun.class.getName(), Long.toString(seed), kind));
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertThat(run.waitFor(50, TimeUnit.SECONDS)).as("seed %d: ended", seed).isTrue();
    assertThat(run.exitValue()).as("seed %d: %s", seed, said).isZero();
  }
}
