package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Whatever a module says, the reader makes messages of it or fails as documented, and cutting the
 * bytes into other chunks changes nothing.
 *
 * <p>The profile {@code fuzz} looks for inputs that break this; {@link CorpusTest} replays those
 * that were kept.
 */
final class AtReaderFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void everyByteBelongsToAMessage(byte[] bytes) throws IOException {
    List<String> whole = messages(bytes, Math.max(1, bytes.length));
    for (int size : new int[] {1, 2, 3, 7, 64}) {
      assertThat(messages(bytes, size)).isEqualTo(whole);
    }
  }

  /** Returns what the reader made of the bytes, and how it ended. */
  private static List<String> messages(byte[] bytes, int size) throws IOException {
    List<String> messages = new ArrayList<>();
    AtReader reader = new AtReader(new Cut(bytes, size), Duration.ofSeconds(1));
    int payload = 0;
    try {
      for (Inbound message = reader.next(); message != null; message = reader.next()) {
        payload += counted(message);
        messages.add(shown(message));
      }
      messages.add("end");
    } catch (EOFException | ProtocolException e) {
      messages.add(e.getClass().getSimpleName());
    }
    assertThat(payload).isLessThanOrEqualTo(bytes.length);
    return messages;
  }

  private static int counted(Inbound message) {
    if (message instanceof Inbound.Data data) {
      assertThat(data.link()).isBetween(Inbound.NO_LINK, 999_999_999);
      return data.bytes().remaining();
    }
    return message instanceof Inbound.Fetched fetched ? fetched.bytes().remaining() : 0;
  }

  private static String shown(Inbound message) {
    if (message instanceof Inbound.Data data) {
      return "data " + data.link() + " " + hex(data.bytes());
    }
    if (message instanceof Inbound.Fetched fetched) {
      return "fetched " + hex(fetched.bytes());
    }
    if (message instanceof Inbound.Line line) {
      assertThat(line.text().length()).isLessThanOrEqualTo(AtReader.MAX_LINE);
    }
    return message.toString();
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  /** A wire that delivers at most so many bytes at a time and then ends. */
  private static final class Cut implements ByteStream {
    private final byte[] bytes;
    private final int size;
    private int next;

    Cut(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) {
      if (next == bytes.length) {
        return -1;
      }
      int run = Math.min(Math.min(size, count), bytes.length - next);
      System.arraycopy(bytes, next, buffer, offset, run);
      next += run;
      return run;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      throw new UnsupportedOperationException("the reader only reads");
    }

    @Override
    public void timeout(Duration timeout) {
      // nothing here ever waits
    }

    @Override
    public String name() {
      return "fuzz";
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
