package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PipesTest {

  @Test
  void aWriteKeepsItsBoundsAndIsCutAtTheFifo() throws Exception {
    FromHost pipe = new FromHost(() -> {});
    pipe.write("ab".getBytes(ISO_8859_1));
    pipe.write(new byte[131]);
    assertThat(pipe.poll()).hasSize(2);
    assertThat(pipe.poll()).hasSize(128);
    assertThat(pipe.poll()).hasSize(3);
    assertThat(pipe.poll()).isNull();
  }

  @Test
  void aWriteWaitsForRoomAndFailsWhenTheModuleEnds() throws Exception {
    FromHost pipe = new FromHost(() -> {});
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                pipe.write(new byte[FromHost.CAPACITY + 1]);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    for (int taken = 0; taken < 128; ) {
      byte[] chunk = pipe.poll();
      taken += chunk == null ? 0 : chunk.length;
    }
    writing.get();
    CompletableFuture<Throwable> blocked =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                pipe.write(new byte[FromHost.CAPACITY]);
                return new AssertionError("wrote");
              } catch (IOException e) {
                return e;
              }
            });
    pipe.end();
    assertThat(blocked.get()).isInstanceOf(IOException.class).hasMessageContaining("switched off");
  }

  @Test
  void theRingCarriesEverythingInOrder() throws Exception {
    ToHost pipe = new ToHost(() -> {});
    byte[] data = new byte[1 << 20];
    new Random(11).nextBytes(data);
    CompletableFuture<byte[]> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return pipe.readAllBytes();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    for (int done = 0; done < data.length; ) {
      done += pipe.offer(data, done, Math.min(997, data.length - done));
    }
    pipe.end();
    assertThat(reading.get()).isEqualTo(data);
    assertThat(pipe.read()).isEqualTo(-1);
  }

  @Test
  void closingEndsAReadInAnotherThread() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().joined(false).build()) {
      InputStream in = module.input();
      in.readNBytes("\r\nready\r\n".length());
      CompletableFuture<Throwable> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new AssertionError("read " + in.read());
                } catch (IOException e) {
                  return e;
                }
              });
      in.close();
      assertThat(reading.get()).isInstanceOf(IOException.class).hasMessageContaining("closed");
      module.output().write("AT\r\n".getBytes(ISO_8859_1)); // said to nobody
      module.output().close();
      assertThatThrownBy(() -> module.output().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anInterruptEndsAReadAndAWrite() throws Exception {
    assertThat(interrupted(() -> new ToHost(() -> {}).read()))
        .isInstanceOf(InterruptedIOException.class);
    OutputStream full = new FromHost(() -> {});
    full.write(new byte[FromHost.CAPACITY]);
    assertThat(interrupted(() -> full.write(1))).isInstanceOf(InterruptedIOException.class);
  }

  private interface Blocking {
    void run() throws IOException;
  }

  private static Throwable interrupted(Blocking body) throws InterruptedException {
    AtomicReference<Throwable> ended = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              try {
                body.run();
              } catch (IOException e) {
                ended.set(e);
              }
            });
    thread.start();
    started.await();
    thread.interrupt();
    thread.join(HostSide.LIMIT.toMillis());
    return ended.get();
  }

  @Test
  void countersCountWhatTheLineCarried() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().joined(false).build();
        HostSide host = HostSide.of(module)) {
      host.expect("\r\nready\r\n").ask("AT", "AT\r\n\r\nOK\r\n");
      HostSide.eventually("10 bytes", () -> module.bytesToHost() == 9 + 10);
      assertThat(module.bytesFromHost()).isEqualTo(4);
    }
  }
}
