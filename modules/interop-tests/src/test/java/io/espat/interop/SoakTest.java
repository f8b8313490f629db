package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Random faults, links, sizes and firmware: each scenario ends with the same SHA-256 on both sides
 * or with an error at every caller concerned, within the documented limits and with no thread left.
 *
 * <p>{@code -Despat.soak.count=2000} runs more of them, which the profile {@code soak} does, and
 * {@code -Despat.soak.first=17 -Despat.soak.count=1} one again.
 */
final class SoakTest {
  private static final int AT_ONCE = 6;

  @TestFactory
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> everyByteOnceInOrderOrALoudError() {
    long first = Long.getLong("espat.soak.first", 1);
    int count = Integer.getInteger("espat.soak.count", 50);
    TestAuthority authority = TestAuthority.create("soak CA");
    SSLContext server = authority.issue("peer.test").serverContext();
    AtomicInteger completed = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    List<Scenario> scenarios =
        LongStream.range(first, first + count).mapToObj(Scenario::of).toList();
    List<Future<List<String>>> runs = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      runs.add(
          pool.submit(
              () -> {
                SoakRun run = new SoakRun(scenario, authority, server);
                List<String> findings = run.findings();
                completed.addAndGet(run.completed());
                if (Boolean.getBoolean("espat.soak.verbose")) {
                  System.err.println(
                      scenario + " " + run.faults() + " faults\n    " + run.outcomes());
                }
                return findings;
              }));
    }
    pool.shutdown();
    Stream<DynamicTest> each =
        LongStream.range(0, count)
            .mapToObj(
                i ->
                    DynamicTest.dynamicTest(
                        "seed " + (first + i),
                        () ->
                            assertThat(runs.get((int) i).get())
                                .as(scenarios.get((int) i).toString())
                                .isEmpty()));
    DynamicTest some =
        DynamicTest.dynamicTest(
            "some links carry everything all the same",
            () -> assertThat(completed.get()).isGreaterThan(count / 4));
    return Stream.concat(each, count < AT_ONCE ? Stream.of() : Stream.of(some));
  }
}
