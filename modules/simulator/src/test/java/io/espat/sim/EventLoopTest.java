package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  private final EventLoop loop = new EventLoop();
  private volatile boolean naps;
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

  EventLoopTest() throws IOException {}

  private void run() {
    running =
        CompletableFuture.runAsync(
            () -> {
              try {
                loop.run(
                    () -> {
                      if (naps) {
                        loop.alarm(loop.real() + 700_000);
                      }
                      return false;
                    });
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @AfterEach
  void end() throws Exception {
    loop.end();
    running.get(HostSide.LIMIT.toSeconds(), TimeUnit.SECONDS);
    loop.close();
  }

  @Test
  void delaysThatFollowEachOtherAddUpToTheirSum() throws Exception {
    List<Long> times = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    loop.post(() -> again(times, ended));
    run();
    ended.await();
    for (int i = 2; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isEqualTo(300_000);
    }
  }

  private void again(List<Long> times, CountDownLatch ended) {
    times.add(loop.now());
    if (times.size() < 50) {
      loop.after(Duration.ofNanos(300_000), () -> again(times, ended));
    } else {
      ended.countDown();
    }
  }

  @Test
  void whatWasDueRunsAtOnceAndInItsTime() throws Exception {
    long due = loop.real() - 5_000_000;
    CompletableFuture<Long> ran = new CompletableFuture<>();
    loop.post(() -> loop.notBefore(due, () -> ran.complete(loop.now())));
    CompletableFuture<Boolean> afterwards = new CompletableFuture<>();
    loop.post(() -> afterwards.complete(loop.now() > due));
    run();
    assertThat(ran.get()).isEqualTo(due);
    assertThat(afterwards.get()).isTrue();
  }

  @Test
  void noWakeIsLostWhetherTheLoopSelectsOrNaps() throws Exception {
    run();
    Semaphore ran = new Semaphore(0);
    for (int i = 0; i < 5000; i++) {
      naps = i % 2 == 0;
      loop.post(ran::release);
      assertThat(ran.tryAcquire(HostSide.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aDelayBeyondAllTimeIsOnlyLong() {
    loop.after(Duration.ofSeconds(Long.MAX_VALUE), () -> {}).run();
    assertThatThrownBy(() -> LineModel.builder().roundTrip(Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
