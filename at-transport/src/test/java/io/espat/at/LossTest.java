package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The wire ends, or the module restarts, at many points: nobody hangs, nothing is left behind. */
class LossTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentHashMap<Thread, Boolean> made = new ConcurrentHashMap<>();
  private final ModuleConfig config =
      ModuleConfig.builder()
          .openTimeout(Duration.ofSeconds(3))
          .commandTimeout(Duration.ofSeconds(2))
          .connectTimeout(Duration.ofSeconds(2))
          .sendTimeout(Duration.ofSeconds(2))
          .threadFactory(
              work -> {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                made.put(thread, true);
                return thread;
              })
          .build();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** A stream that says something of its own, or ends, once so many bytes have been read. */
  private static final class Cut implements ByteStream {
    private final ByteStream stream;
    private final AtomicInteger left;
    private final byte[] last;
    private int said;

    Cut(ByteStream stream, int after, String last) {
      this.stream = stream;
      this.left = new AtomicInteger(after);
      this.last = last.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      if (left.get() > 0) {
        int read = stream.read(buffer, offset, Math.min(count, left.get()));
        left.addAndGet(-Math.max(read, 0));
        return read;
      }
      if (said < last.length) {
        buffer[offset] = last[said++];
        return 1;
      }
      return -1;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      stream.write(bytes, offset, count);
    }

    @Override
    public void timeout(Duration timeout) {
      stream.timeout(timeout);
    }

    @Override
    public String name() {
      return "cut";
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @Test
  @Timeout(value = 150, unit = TimeUnit.SECONDS)
  void theWireEndsAnywhere() throws Exception {
    endsAnywhere("");
  }

  @Test
  @Timeout(value = 150, unit = TimeUnit.SECONDS)
  void theModuleRestartsAnywhere() throws Exception {
    endsAnywhere("\r\nready\r\n");
  }

  private void endsAnywhere(String last) throws Exception {
    long seed = System.nanoTime();
    System.out.println("LossTest seed " + seed);
    Random random = new Random(seed);
    byte[] sent = new byte[12_000];
    random.nextBytes(sent);
    try (Peers peers = Peers.echo()) {
      int whole = 0;
      for (int after = 0; after < 22_000; after += 200 + random.nextInt(500)) {
        int cut = after;
        Future<Boolean> result = threads.submit(() -> echo(peers, sent, cut, last));
        whole += result.get(20, TimeUnit.SECONDS) ? 1 : 0; // a hang fails here
      }
      assertThat(whole).as("a wire that lasts long enough carries everything").isPositive();
    }
    for (Thread thread : made.keySet()) {
      thread.join(5000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** True when all came back; false when a documented exception said why not. */
  private boolean echo(Peers peers, byte[] sent, int cut, String last) {
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module =
            EspAtModule.open(
                new Cut(ByteStream.of(simulated.input(), simulated.output()), cut, last), config);
        Socket socket = module.sockets().createSocket("127.0.0.1", peers.port())) {
      socket.setSoTimeout(5000);
      Future<?> writing =
          threads.submit(
              () -> {
                socket.getOutputStream().write(sent);
                return null;
              });
      byte[] back = new byte[sent.length];
      new DataInputStream(socket.getInputStream()).readFully(back);
      writing.get(5, TimeUnit.SECONDS);
      assertThat(Arrays.equals(back, sent)).isTrue();
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException
        | java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the writer failed although all came back", e);
    }
  }

  @Test
  void closingTheModuleEndsEveryCallAndEveryThread() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build()) {
      EspAtModule module =
          EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), config);
      Socket socket = module.sockets().createSocket("127.0.0.1", peers.port());
      Future<?> read = threads.submit(() -> socket.getInputStream().read());
      assertThatThrownBy(() -> read.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      long start = System.nanoTime();
      module.close();
      module.close();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(7));
      assertThatThrownBy(() -> read.get(2, TimeUnit.SECONDS))
          .isInstanceOf(java.util.concurrent.ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class);
      socket.close();
      for (Thread thread : made.keySet()) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
