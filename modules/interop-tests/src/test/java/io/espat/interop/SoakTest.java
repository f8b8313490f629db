package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Random faults, links, sizes, lines and firmware: each scenario ends with the same SHA-256 on both
 * sides or with an error at every caller concerned, within the documented limits and with no thread
 * left.
 *
 * <p>{@code -Despat.soak.count=2000} runs more of them, which the profile {@code soak} does, and
 * {@code -Despat.soak.first=17 -Despat.soak.count=1} one again; {@code -Despat.soak.verbose=true}
 * prints what each was told, {@code -Despat.soak.transcript=true} what passed the line.
 */
final class SoakTest {
  private static final int AT_ONCE = 6;

  /** From so many on, the shares of what happened mean something. */
  private static final int MANY = 50;

  private final SoakTally tally = new SoakTally();

  @TestFactory
  @Timeout(value = 120, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> everyByteOnceInOrderOrALoudError() {
    long first = Long.getLong("espat.soak.first", 1);
    int count = Integer.getInteger("espat.soak.count", MANY);
    TestAuthority authority = TestAuthority.create("soak CA");
    SSLContext server = authority.issue("peer.test").serverContext();
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    List<Scenario> scenarios =
        LongStream.range(first, first + count).mapToObj(Scenario::of).toList();
    List<Future<List<String>>> runs = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      runs.add(pool.submit(run(scenario, authority, server)));
    }
    pool.shutdown();
    Stream<DynamicTest> each =
        IntStream.range(0, count)
            .mapToObj(i -> judged("seed " + (first + i), scenarios.get(i), runs.get(i)));
    return Stream.concat(
        each, Stream.of(DynamicTest.dynamicTest("the tally", () -> tallied(count))));
  }

  private Callable<List<String>> run(
      Scenario scenario, TestAuthority authority, SSLContext server) {
    return () -> {
      SoakRun run = new SoakRun(scenario, authority, server);
      List<String> findings = run.findings();
      tally.add(scenario, run);
      if (Boolean.getBoolean("espat.soak.verbose")) {
        System.err.println(scenario + ": " + run.faults() + " faults\n    " + run.outcomes());
      }
      return findings;
    };
  }

  private static DynamicTest judged(String name, Scenario scenario, Future<List<String>> run) {
    return DynamicTest.dynamicTest(
        name, () -> assertThat(run.get()).as(scenario.toString()).isEmpty());
  }

  private void tallied(int count) {
    System.out.println(tally);
    if (Boolean.getBoolean("espat.soak.verbose")) {
      System.out.println(tally.told());
    }
    if (count >= MANY) {
      assertThat(tally.complete()).as("connections that carry everything").isGreaterThan(count / 4);
      assertThat(tally.idle())
          .as("scenarios in which nothing happens")
          .isLessThan(count * 15 / 100);
    }
  }
}
