package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes come out of a link's memory as they went in, and the memory is used again. */
class ReceivedTest {
  @Test
  void everyByteComesOutOnceAndInOrder() {
    long seed = System.nanoTime();
    System.out.println("ReceivedTest seed " + seed);
    Random random = new Random(seed);
    Received received = new Received(new Chunks());
    int in = 0;
    int out = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] piece = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 600)];
      if (received.held() < 100_000 && random.nextBoolean()) {
        for (int k = 0; k < piece.length; k++) {
          piece[k] = (byte) (in * 31 >> 3);
          in++;
        }
        received.add(ByteBuffer.wrap(piece));
      } else {
        int count = received.take(piece, 0, piece.length);
        assertThat(count).isEqualTo(Math.min(piece.length, in - out));
        for (int k = 0; k < count; k++) {
          assertThat(piece[k]).isEqualTo((byte) (out * 31 >> 3));
          out++;
        }
      }
      assertThat(received.held()).isEqualTo(in - out);
    }
  }

  @Test
  void whatOneLinkHasReadAnotherFills() {
    Chunks memory = new Chunks();
    byte[] first = memory.take();
    memory.give(first);
    Received one = new Received(memory);
    one.add(ByteBuffer.wrap(new byte[100]));
    one.take(new byte[100], 0, 100);
    Received other = new Received(memory);
    other.add(ByteBuffer.wrap(new byte[Chunks.SIZE]));
    assertThat(memory.take()).isNotSameAs(first);
    other.clear();
    assertThat(memory.take()).isSameAs(first);
    assertThat(other.held()).isZero();
  }
}
