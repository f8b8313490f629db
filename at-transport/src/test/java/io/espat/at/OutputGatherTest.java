package io.espat.at;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How output is parted into sends, and these into pieces. */
class OutputGatherTest {
  private static final long SOON = 20;

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static OutputGather holding(String text) {
    OutputGather gather = new OutputGather(new Chunks(), 8192, 20_000);
    assertThat(gather.add(bytes(text), 0, text.length(), 0)).isEqualTo(text.length());
    return gather;
  }

  private static String piece(OutputGather gather, int most) {
    return new String(gather.piece(most), ISO_8859_1);
  }

  @Test
  void everyByteComesOutOnceAndInOrderHoweverItIsParted() {
    long seed = System.nanoTime();
    System.out.println("OutputGatherTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int most = 1 + random.nextInt(round % 3 == 0 ? 30_000 : 40);
      int piece = 1 + random.nextInt(round % 3 == 0 ? 5000 : 20);
      int capacity = 2 * most;
      OutputGather gather = new OutputGather(new Chunks(), most, capacity);
      byte[] all = new byte[random.nextInt(round % 3 == 0 ? 100_000 : 300)];
      int plain = 1 + random.nextInt(4);
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) (random.nextInt(5) < plain ? 'a' + random.nextInt(3) : '+');
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int in = 0;
      int announced = 0;
      int sendStart = 0;
      int sendEnd = 0;
      while (in < all.length || gather.left() > 0) {
        in += gather.add(all, in, Math.min(all.length - in, random.nextInt(2 * most)), 0);
        assertThat(gather.left()).isEqualTo(in - out.size()).isLessThanOrEqualTo(capacity);
        if (announced == 0 && gather.held() > 0 && random.nextBoolean()) {
          announced = gather.announce(most);
          assertThat(announced).isBetween(1, most);
          sendStart = out.size();
          sendEnd = sendStart + announced;
          assertThat(row(all, sendStart, sendEnd, sendEnd)).isLessThan(3);
        }
        if (announced > 0) {
          byte[] taken = gather.piece(piece);
          assertThat(taken).isNotEmpty();
          out.writeBytes(taken);
          announced -= taken.length;
          assertThat(row(all, sendStart, out.size(), sendEnd)).isLessThan(3);
        } else {
          assertThat(gather.piece(piece)).isEmpty();
        }
      }
      assertThat(out.toByteArray()).isEqualTo(all);
    }
  }

  /** Counts the pluses in a row that a seam parts or touches, between two ends. */
  private static int row(byte[] all, int first, int seam, int last) {
    int start = seam;
    while (start > first && all[start - 1] == '+') {
      start--;
    }
    int end = seam;
    while (end < last && all[end] == '+') {
      end++;
    }
    return end - start;
  }

  @Test
  void aPieceIsShorterForPlusesAndLongerForARowOfThem() {
    OutputGather gather = holding("abcd+++efgh" + "+".repeat(10) + "xyz");
    assertThat(gather.announce(100)).isEqualTo(24);
    assertThat(piece(gather, 6)).isEqualTo("abc");
    assertThat(piece(gather, 6)).isEqualTo("d+++ef");
    assertThat(piece(gather, 4)).isEqualTo("g");
    assertThat(piece(gather, 4)).as("not parted in the row").isEqualTo("h++++++++++x");
    assertThat(piece(gather, 4)).isEqualTo("yz");
    assertThat(piece(gather, 4)).isEmpty();
  }

  @Test
  void aSendOfPlusesAloneGoesTwoByTwo() {
    OutputGather gather = holding("+++++");
    for (String send : new String[] {"++", "++", "+"}) {
      assertThat(gather.announce(100)).isEqualTo(send.length());
      assertThat(piece(gather, 100)).isEqualTo(send);
    }
    assertThat(gather.left()).isZero();
  }

  @Test
  void whatIsAddedDuringASendBelongsToTheNextOne() {
    OutputGather gather = holding("first");
    assertThat(gather.announce(100)).isEqualTo(5);
    gather.add(bytes("second"), 0, 6, 0);
    assertThat(gather.held()).isEqualTo(6);
    assertThat(piece(gather, 100)).isEqualTo("first");
    assertThat(piece(gather, 100)).isEmpty();
    assertThat(gather.announce(100)).isEqualTo(6);
    assertThat(piece(gather, 100)).isEqualTo("second");
  }

  @Test
  void itIsDueWhenFullUrgedOrOld() {
    OutputGather gather = new OutputGather(new Chunks(), 10, 20);
    assertThat(gather.dueIn(0, SOON)).isEqualTo(Long.MAX_VALUE);
    gather.urge();
    gather.add(bytes("abc"), 0, 3, 100);
    assertThat(gather.dueIn(100, SOON)).as("urged before there was anything").isEqualTo(SOON);
    assertThat(gather.dueIn(150, SOON)).isNegative();
    gather.urge();
    assertThat(gather.dueIn(100, SOON)).isZero();
    gather.announce(100);
    assertThat(gather.dueIn(100, SOON)).isEqualTo(Long.MAX_VALUE);
    gather.add(bytes("0123456789"), 0, 10, 100);
    assertThat(gather.dueIn(100, SOON)).isZero();
  }

  @Test
  void itTakesNoMoreThanItsRoomAndDropsAll() {
    OutputGather gather = new OutputGather(new Chunks(), 10, 20_000);
    byte[] all = new byte[30_000];
    Arrays.fill(all, (byte) 'x');
    assertThat(gather.add(all, 0, all.length, 0)).isEqualTo(20_000);
    assertThat(gather.announce(15_000)).isEqualTo(15_000);
    assertThat(gather.piece(9000)).hasSize(9000);
    assertThat(gather.add(all, 0, all.length, 0)).as("what was taken made room").isEqualTo(9000);
    assertThat(gather.drop()).as("without the rest of the running send").isEqualTo(14_000);
    assertThat(gather.left()).isZero();
    assertThat(gather.piece(100)).isEmpty();
  }

  @Test
  void memoryIsUsedAgain() {
    Chunks pool = new Chunks();
    byte[] first = pool.take();
    pool.give(first);
    OutputGather gather = new OutputGather(pool, 10, 20_000);
    gather.add(bytes("abc"), 0, 3, 0);
    assertThat(pool.take()).isNotSameAs(first).as("in use");
    gather.announce(3);
    gather.piece(3);
    assertThat(pool.take()).isSameAs(first);
  }
}
