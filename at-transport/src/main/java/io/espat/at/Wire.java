package io.espat.at;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The stream to a module, its line, and the thread that reads it: they outlive a restart.
 *
 * <p>One channel has it at a time. What comes is delivered to that channel, and no other one's
 * bytes are written: half a command of a session that was lost would end up in the next one.
 */
final class Wire {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration FRAME_LIMIT = Duration.ofSeconds(3);

  /** What a carrier may collect before it hands anything on. */
  private static final int PIECE = 1024;

  private final CountingByteStream stream;
  private final ModuleLine line;
  private final AtReader messages;
  private final Thread reader;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable AtChannel channel; // written under the lock
  private volatile boolean ended;

  Wire(ByteStream stream, ModuleConfig config) {
    this.stream = new CountingByteStream(new StallGuard(stream, config));
    this.line = new ModuleLine(this.stream, config);
    this.messages = new AtReader(this.stream, FRAME_LIMIT.plus(line.time(PIECE)));
    this.reader = config.threadFactory().newThread(this::read);
    this.reader.setName("espat reader " + stream.name());
  }

  /** Gives the wire to a channel, once the one before has ended its last write. */
  void attach(AtChannel next) {
    writing.lock();
    try {
      channel = next;
      messages.framesEnd(false);
    } finally {
      writing.unlock();
    }
  }

  /** Starts to read; there must be a channel. */
  void start() {
    reader.start();
  }

  /**
   * Writes all bytes for the channel that has the wire.
   *
   * @throws IOException also if another channel has it by now
   */
  void write(AtChannel from, byte[] bytes) throws IOException {
    writing.lock();
    try {
      if (channel != from) {
        throw new IOException("the module has been brought up again");
      }
      stream.write(bytes, 0, bytes.length);
      stream.flush();
    } finally {
      writing.unlock();
    }
  }

  ModuleLine line() {
    return line;
  }

  String name() {
    return stream.name();
  }

  long sent() {
    return stream.sent();
  }

  long received() {
    return stream.received();
  }

  /** Says whether CRLF ends each {@code +IPD} frame. */
  void framesEnd(boolean end) {
    messages.framesEnd(end);
  }

  /** Tells whether nothing can be read any more: unplugged, failed or closed. */
  boolean ended() {
    return ended;
  }

  Thread reader() {
    return reader;
  }

  void close() {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("closing {}: {}", name(), e.getMessage());
    }
  }

  /** The reader thread: parse, file, signal; nothing it does waits for a caller. */
  private void read() {
    while (!ended) {
      try {
        Inbound message = messages.next();
        if (message == null) {
          ended = true;
          lose("the wire to the module ended", null);
        } else {
          deliver(message);
        }
      } catch (ProtocolException e) { // what follows is noise, until a channel begins anew
        lose("the wire to the module failed: " + e.getMessage(), e);
      } catch (IOException e) {
        ended = true;
        lose("the wire to the module failed: " + e.getMessage(), e);
      } catch (RuntimeException e) { // a fault of ours must end every wait as well
        ended = true;
        LOG.error("reading {} failed", stream.name(), e);
        lose("reading the wire to the module failed: " + e, new IOException(e));
      }
    }
  }

  private void deliver(Inbound message) {
    AtChannel receiver = channel;
    if (receiver != null) {
      receiver.deliver(message);
    }
  }

  private void lose(String why, @Nullable Exception cause) {
    AtChannel receiver = channel;
    if (receiver != null) {
      receiver.lose(new ModuleLostException(AtException.LOST, name() + ": " + why, cause));
    }
  }
}
