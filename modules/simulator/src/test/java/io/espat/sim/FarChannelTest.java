package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a peer sends, a round trip away, with the time in the test's hands. */
class FarChannelTest {
  private static final long DELAY = 5_000_000;

  /** A transport with segments of 1440 bytes and a window of 5760. */
  private static final class Near implements LinkChannel {
    private final Queue<Integer> sent = new ArrayDeque<>(); // sizes, −1 the end, −2 a failure
    private boolean reading;

    @Override
    public String type() {
      return "TCP";
    }

    @Override
    public InetSocketAddress remote() {
      return new InetSocketAddress(1);
    }

    @Override
    public int localPort() {
      return 1;
    }

    @Override
    public int piece() {
      return 1440;
    }

    @Override
    public int window() {
      return 5760;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      Integer count = sent.poll();
      if (count == null || count == -1) {
        return count == null ? 0 : -1;
      }
      if (count == -2) {
        throw new IOException("reset");
      }
      into.position(into.position() + count);
      return count;
    }

    @Override
    public boolean write(ByteBuffer bytes) {
      bytes.position(bytes.limit());
      return true;
    }

    @Override
    public boolean takeReadable() {
      return reading && !sent.isEmpty();
    }

    @Override
    public boolean takeWritable() {
      return false;
    }

    @Override
    public void want(boolean reading, boolean writing) {
      this.reading = reading;
    }

    @Override
    public void close() {}
  }

  private long now = 1000;
  private final EventLoop loop = new EventLoop(() -> now);
  private final Near near = new Near();
  private final FarChannel far = new FarChannel(near, loop, DELAY, 0);

  FarChannelTest() throws IOException {
    far.want(true, false);
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
  }

  private void send(int... sizes) {
    for (int size : sizes) {
      near.sent.add(size);
    }
    far.want(true, false);
  }

  private int read() throws IOException {
    return far.read(ByteBuffer.allocate(1440));
  }

  @Test
  void whatAPeerSendsIsThereARoundTripLater() throws Exception {
    send(100);
    now += DELAY - 1;
    assertThat(far.takeReadable()).isFalse();
    assertThat(read()).isZero();
    now++;
    assertThat(far.takeReadable()).isTrue();
    assertThat(far.read(ByteBuffer.allocate(60))).isEqualTo(60);
    assertThat(read()).isEqualTo(40);
    assertThat(far.takeReadable()).isFalse();
    assertThat(loop.now()).isEqualTo(1000 + DELAY); // what is said of it belongs there
  }

  @Test
  void noMoreThanAWindowIsUnderWayOrUnread() throws Exception {
    send(1440, 1440, 1440, 1440, 1440, 1440);
    assertThat(near.sent).hasSize(2);
    assertThat(near.reading).isFalse();
    now += DELAY;
    assertThat(read()).isEqualTo(1440);
    far.unread(1440); // the module holds it
    far.want(true, false);
    assertThat(near.sent).hasSize(2);
    far.unread(0); // it was taken
    far.want(true, false);
    far.want(true, false); // the selector has found it readable
    assertThat(near.sent).hasSize(1);
  }

  @Test
  void theEndComesBehindTheLastByteAndOnce() throws Exception {
    send(1440, 10);
    now += 1_000_000;
    send(-1);
    now += DELAY - 1_000_000;
    assertThat(read()).isEqualTo(1440);
    assertThat(read()).isEqualTo(10);
    assertThat(far.takeReadable()).isFalse();
    now += 1_000_000;
    assertThat(far.takeReadable()).isTrue();
    assertThat(read()).isEqualTo(-1);
    assertThat(far.takeReadable()).isFalse();
  }

  @Test
  void aResetIsFoundARoundTripLaterToo() throws Exception {
    send(10);
    send(-2);
    now += DELAY;
    assertThat(read()).isEqualTo(10);
    assertThat(far.takeReadable()).isTrue();
    assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessage("reset");
  }
}
