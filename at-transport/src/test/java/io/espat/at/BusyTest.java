package io.espat.at;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code busy p...} at any command, executed or not: no byte is lost, doubled or reordered. */
class BusyTest {
  private static final int LINKS = 4;
  private static final int ROUNDS = 8;

  /** Says busy to some commands, of which it lets half pass (esp-at #731). */
  private static final class Moody implements ByteStream {
    private final ByteStream stream;
    private final Random random;
    private final AtomicInteger owed = new AtomicInteger();
    final AtomicInteger moods = new AtomicInteger();
    volatile boolean awake;
    private volatile Duration timeout = Duration.ZERO;
    private final StringBuilder line = new StringBuilder(); // reader thread only, as all below
    private int counted;
    private byte[] text = {};
    private int said;

    Moody(ByteStream stream, long seed) {
      this.stream = stream;
      this.random = new Random(seed);
    }

    /** One byte at a time, so that busy can stand between any two messages. */
    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      Deadline deadline = Deadline.in(timeout);
      while (true) {
        if (said == text.length && counted == 0 && line.isEmpty() && owed.get() > 0) {
          owed.decrementAndGet();
          text = "\r\nbusy p...\r\n".getBytes(US_ASCII);
          said = 0;
        }
        if (said < text.length) {
          buffer[offset] = text[said++];
          return 1;
        }
        stream.timeout(Duration.ofMillis(5));
        try {
          int read = stream.read(buffer, offset, 1);
          follow(buffer[offset]);
          return read;
        } catch (SocketTimeoutException e) {
          if (!timeout.isZero() && deadline.passed()) {
            throw e;
          }
        }
      }
    }

    private void follow(byte b) {
      boolean blank = line.isEmpty() && (b == '\r' || b == '>');
      if (counted > 0) {
        counted--;
      } else if (b == '\n' || blank) {
        line.setLength(0);
      } else if (b == ',' && line.indexOf("+CIPRECVDATA:") == 0) {
        counted = Integer.parseInt(line.substring("+CIPRECVDATA:".length()));
        line.setLength(0);
      } else {
        line.append((char) b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      boolean command = new String(bytes, offset, count, US_ASCII).matches("AT\\+[^\r]*\r\n");
      int mood = awake && command ? random.nextInt(16) : -1;
      if (mood == 0 || mood == 1) {
        moods.incrementAndGet();
        owed.incrementAndGet();
      }
      if (mood != 0) {
        stream.write(bytes, offset, count);
      }
    }

    @Override
    public void timeout(Duration limit) {
      timeout = limit;
    }

    @Override
    public String name() {
      return "moody";
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @Test
  void everyByteComesBackThroughAModuleThatIsOftenBusy() throws Exception {
    long seed = System.nanoTime();
    System.out.println("BusyTest seed " + seed);
    ExecutorService threads = Executors.newFixedThreadPool(LINKS);
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build();
        Moody moody = new Moody(ByteStream.of(simulated.input(), simulated.output()), seed);
        EspAtModule module = EspAtModule.open(moody, ModuleConfig.defaults())) {
      moody.awake = true;
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < LINKS; i++) {
        Random random = new Random(seed + i);
        all.add(threads.submit(() -> echo(module, peers, random)));
      }
      for (Future<?> one : all) {
        one.get(50, TimeUnit.SECONDS);
      }
      assertThat(moody.moods.get()).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void echo(EspAtModule module, Peers peers, Random random) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] sent = new byte[random.nextInt(9000)];
      random.nextBytes(sent);
      byte[] back = new byte[sent.length];
      try (Socket socket = module.sockets().createSocket("127.0.0.1", peers.port())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(sent);
        new DataInputStream(socket.getInputStream()).readFully(back);
      }
      assertThat(back).isEqualTo(sent);
    }
    return null;
  }
}
