package io.espat.cli;

import io.espat.at.ByteStream;
import io.espat.at.SerialLine;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** A byte stream that looks for texts in everything that passes, each direction for itself. */
final class WatchedWire implements ByteStream {
  private final ByteStream beneath;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, WireSearch> toModule = new LinkedHashMap<>(); // Guarded by lock.
  private final Map<String, WireSearch> fromModule = new LinkedHashMap<>(); // Guarded by lock.

  WatchedWire(ByteStream beneath, List<String> texts) {
    this.beneath = beneath;
    for (String each : texts) {
      toModule.put(each, new WireSearch(each));
      fromModule.put(each, new WireSearch(each));
    }
  }

  /** How often one of the texts has crossed the wire, in clear, base64 or hex. */
  long found(String text) {
    lock.lock();
    try {
      return toModule.get(text).found() + fromModule.get(text).found();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = beneath.read(buffer, offset, count);
    if (read > 0) pass(fromModule, buffer, offset, read);
    return read;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    pass(toModule, bytes, offset, count);
    beneath.write(bytes, offset, count);
  }

  private void pass(Map<String, WireSearch> direction, byte[] bytes, int offset, int count) {
    lock.lock();
    try {
      direction.values().forEach(each -> each.pass(bytes, offset, count));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    beneath.flush();
  }

  @Override
  public void timeout(Duration timeout) {
    beneath.timeout(timeout);
  }

  @Override
  public Optional<SerialLine> line() {
    return beneath.line();
  }

  @Override
  public String name() {
    return beneath.name();
  }

  @Override
  public void close() throws IOException {
    beneath.close();
  }
}
