package io.espat.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nonsense from the host neither throws anything in the module nor fills a heap of 64 MiB. */
class NoiseTest {

  @ParameterizedTest
  @ValueSource(strings = {"lines", "bytes"})
  void nonsenseNeitherThrowsNorFillsTheHeap(String kind) throws Exception {
    long seed = System.nanoTime();
    Process run =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                NoiseRun.class.getName(),
                Long.toString(seed),
                kind)
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertThat(run.waitFor(50, TimeUnit.SECONDS)).as("seed %d: ended", seed).isTrue();
    assertThat(run.exitValue()).as("seed %d: %s", seed, said).isZero();
  }
}
