package io.espat.bench;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Times one kind of work on one rig; every result is in percent of the line or per second. */
final class Measurement {
  static final int QUESTIONS = 200;

  /** So long after another link has used the turn a bulk send keeps to a second of the line. */
  private static final long COURTESY_MILLIS = 10_500;

  private final int baud;
  private final int size;

  /** Moves {@code size} bytes over a line of {@code baud}. */
  Measurement(int baud, int size) {
    this.baud = baud;
    this.size = size;
  }

  double up(Host host) throws IOException {
    try (Peer sink = Peer.sink()) {
      Host.Channel link = host.open(sink.port());
      byte[] bytes = Peer.pattern(size);
      long start = System.nanoTime();
      link.send(bytes);
      return share(size, System.nanoTime() - start);
    }
  }

  double down(Host host) throws IOException {
    try (Peer source = Peer.source()) {
      Host.Channel link = host.open(source.port());
      long start = System.nanoTime();
      source.give(size);
      link.receive(size, done -> {});
      return share(size, System.nanoTime() - start);
    }
  }

  double ask(Host host) throws IOException {
    try (Peer echo = Peer.echo()) {
      Host.Channel link = host.open(echo.port());
      byte[] question = Peer.pattern(Peer.QUESTION);
      link.ask(question);
      long start = System.nanoTime();
      for (int i = 0; i < QUESTIONS; i++) {
        link.ask(question);
      }
      return QUESTIONS / seconds(System.nanoTime() - start);
    }
  }

  /**
   * Both directions until the first of them is through; the sum of what both have moved by then.
   */
  double both(EngineHost host) throws IOException {
    try (Peer sink = Peer.sink();
        Peer source = Peer.source()) {
      Host.Channel up = host.open(sink.port());
      Host.Channel down = host.open(source.port());
      Thread.sleep(COURTESY_MILLIS); // both links have been open for a while
      byte[] bytes = Peer.pattern(size);
      AtomicInteger received = new AtomicInteger();
      FutureTask<long[]> download =
          new FutureTask<>(
              () -> {
                down.receive(size, received::set);
                return new long[] {System.nanoTime(), sink.taken() + size};
              });
      long start = System.nanoTime();
      source.give(size);
      Peer.daemon("bench download", download);
      up.send(bytes);
      long[] first = {System.nanoTime(), (long) size + received.get()};
      if (download.isDone()) {
        first = download.get();
      }
      double share = share(first[1], first[0] - start);
      download.get();
      return share;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the download failed", e.getCause());
    }
  }

  double both(KnownHost host) throws IOException {
    try (Peer sink = Peer.sink();
        Peer source = Peer.source()) {
      Host.Channel up = host.open(sink.port());
      Host.Channel down = host.open(source.port());
      byte[] bytes = Peer.pattern(size);
      long[] last = new long[2];
      long start = System.nanoTime();
      source.give(size);
      host.both(
          up,
          down,
          bytes,
          (sent, received) -> {
            last[0] = System.nanoTime();
            last[1] = (long) sent + received;
          });
      return share(last[1], last[0] - start);
    }
  }

  private double share(long bytes, long nanos) {
    return 100 * bytes / seconds(nanos) / (baud / 10.0);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
