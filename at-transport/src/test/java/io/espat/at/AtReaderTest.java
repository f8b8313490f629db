package io.espat.at;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes in, messages out, at every chunk size. */
class AtReaderTest {
  private static final Inbound OK = new Inbound.Ok();

  private static List<Inbound> read(byte[] bytes, int chunk) throws IOException {
    return read(bytes, chunk, false);
  }

  private static List<Inbound> read(byte[] bytes, int chunk, boolean framesEnd) throws IOException {
    AtReader reader = new AtReader(new ChunkedStream(bytes, chunk), Duration.ofSeconds(1));
    reader.framesEnd(framesEnd);
    List<Inbound> messages = new ArrayList<>();
    for (Inbound message = reader.next(); message != null; message = reader.next()) {
      messages.add(Messages.kept(message));
    }
    return messages;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static ByteBuffer payload(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  /** Reads {@code wire} at every chunk size from one byte to the whole. */
  private static void assertRead(String wire, Inbound... messages) throws IOException {
    byte[] bytes = bytes(wire);
    for (int chunk = 1; chunk <= bytes.length; chunk++) {
      assertThat(read(bytes, chunk)).as("chunks of %d", chunk).containsExactly(messages);
    }
  }

  /** Seed 1037 of the soak: a C that is left over is not the beginning of CLOSED. */
  @Test
  void aByteTooManyIsFoundOutWhateverFetchedDataEndsWith() {
    for (int last = 0; last < 256; last++) {
      String wire = "+CIPRECVDATA:3,abb" + (char) last + "\r\nOK\r\n";
      assertThatThrownBy(() -> read(bytes(wire), 7))
          .as("data that ends in %d", last)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("no result follows");
    }
  }

  @Test
  void results() throws IOException {
    assertRead("\r\nOK\r\n", OK);
    assertRead("\r\nERROR\r\n", new Inbound.Failed());
    assertRead("\r\nFAIL\r\n", new Inbound.Failed());
    assertRead("\r\nSEND OK\r\n", new Inbound.SendOk());
    assertRead("\r\nSEND FAIL\r\n", new Inbound.SendFail());
    assertRead("\r\nSEND Canceled\r\n", new Inbound.SendCancelled());
    assertRead("\r\nSEND CANCELLED\r\n", new Inbound.SendCancelled());
    assertRead("\r\nRecv 12 bytes\r\n", new Inbound.Received(12));
    assertRead("\r\nready\r\n", new Inbound.Ready());
  }

  @Test
  void busyInItsKinds() throws IOException {
    assertRead("\r\nbusy p...\r\n", new Inbound.Busy(false));
    assertRead("busy s...\r\n", new Inbound.Busy(true));
    assertRead("busy now\r\n", new Inbound.Busy(false));
  }

  @Test
  void thePromptNeedsNoLineEnd() throws IOException {
    assertRead("\r\nOK\r\n\r\n>", OK, new Inbound.Prompt());
    assertRead("\r\nOK\r\n> ", OK, new Inbound.Prompt());
    assertRead(
        "\r\nOK\r\n\r\n+IPD,0,4:ping\r\n\r\n>",
        OK,
        new Inbound.Data(0, payload("ping")),
        new Inbound.Prompt());
    assertRead(">0,CLOSED\r\n", new Inbound.Prompt(), new Inbound.Closed(0));
  }

  @Test
  void linkNoticesWithAndWithoutAnId() throws IOException {
    assertRead("3,CONNECT\r\n\r\nOK\r\n", new Inbound.Opened(3), OK);
    assertRead("CONNECT\r\n", new Inbound.Opened(Inbound.NO_LINK));
    assertRead("4,CLOSED\r\n", new Inbound.Closed(4));
    assertRead("CLOSED\r\n", new Inbound.Closed(Inbound.NO_LINK));
    assertRead("+LINK_CONN:0,2,\"TCP\",0,\"1.2.3.4\",587,57012\r\n", new Inbound.Opened(2));
    assertRead(
        "+LINK_CONN:1,2,\"TCP\",0,\"1.2.3.4\",587,57012\r\n",
        new Inbound.Line("+LINK_CONN:1,2,\"TCP\",0,\"1.2.3.4\",587,57012"));
  }

  @Test
  void noticesGluedToAnUnendedFragment() throws IOException {
    assertRead(
        "AT+CIPCLOSE=0+LINK_CONN:0,1,\"TCP\",1,\"1.2.3.4\",80,1\r\n",
        new Inbound.Line("AT+CIPCLOSE=0"),
        new Inbound.Opened(1));
    assertRead("AT+CIP0,CLOSED\r\n", new Inbound.Line("AT+CIP"), new Inbound.Closed(0));
  }

  @Test
  void activeDataInItsShapes() throws IOException {
    Inbound[] hello = {new Inbound.Data(0, payload("hello")), OK};
    assertRead("\r\n+IPD,0,5:hello\r\n\r\nOK\r\n", hello);
    assertRead("\r\n+IPD,0,5:hello\r\nOK\r\n", hello);
    assertRead("\r\n+IPD,0,5,\"192.0.2.1\",80:hello\r\n\r\nOK\r\n", hello);
    assertRead("\r\n+IPD,0,5,\"2001:db8::1\",80:hello\r\n\r\nOK\r\n", hello);
    assertRead("\r\n+IPD,0,5,192.0.2.1,80:helloOK\r\n", hello);
    Inbound[] single = {new Inbound.Data(Inbound.NO_LINK, payload("hello")), OK};
    assertRead("\r\n+IPD,5:hello\r\n\r\nOK\r\n", single);
    assertRead("\r\n+IPD,5,\"192.0.2.1\",80:hello\r\n\r\nOK\r\n", single);
  }

  @Test
  void payloadThatLooksLikeMessagesIsPayload() throws IOException {
    String fake = "\r\nOK\r\n>\r\n+IPD,1,3:\r\nSEND OK\r\n";
    assertRead(
        "\r\n+IPD,2," + fake.length() + ":" + fake + "\r\n2,CLOSED\r\n",
        new Inbound.Data(2, payload(fake)),
        new Inbound.Closed(2));
    assertRead(
        "+CIPRECVDATA:" + fake.length() + "," + fake + "\r\nOK\r\n",
        new Inbound.Fetched(payload(fake)),
        OK);
  }

  private static final String FRAMES =
      "\r\n+IPD,0,5:hello\r\n\r\n+IPD,1,6:\r\nOK\r\n\r\n\r\n+IPD,0,3\r\n1,CLOSED\r\n";

  @Test
  void framesThatEndInALineEnd() throws IOException {
    Inbound[] messages = {
      new Inbound.Data(0, payload("hello")),
      new Inbound.Data(1, payload("\r\nOK\r\n")),
      new Inbound.Waiting(0, 3),
      new Inbound.Closed(1)
    };
    byte[] bytes = bytes(FRAMES);
    for (int chunk = 1; chunk <= bytes.length; chunk++) {
      assertThat(read(bytes, chunk, true)).containsExactly(messages);
      assertThat(read(bytes, chunk, false)).containsExactly(messages);
    }
  }

  /** What is lost of a frame is never made up for by what follows it. */
  @Test
  void bytesLostInsideAFrameAreFoundOut() throws IOException {
    String frame = "\r\n+IPD,0,40:" + "0123456789".repeat(4) + "\r\n";
    String wire = frame.repeat(4) + "0,CLOSED\r\n" + Scripts.OK;
    int data = frame.indexOf("0123");
    for (int lost = 1; lost <= 60; lost++) {
      // as many as a whole frame of the same length leave no trace
      for (int at = data; lost != frame.length() && at < data + 40; at++) {
        String damaged = wire.substring(0, at) + wire.substring(at + lost);
        assertThat(loss(damaged)).as("%d bytes lost at %d", lost, at).isTrue();
      }
    }
  }

  @Test
  void aByteAddedToAFrameIsFoundOut() throws IOException {
    String frame = "\r\n+IPD,0,10:0123456789\r\n";
    for (int at = 0; at < 10; at++) {
      StringBuilder wire = new StringBuilder(frame + frame);
      wire.insert(frame.indexOf("0123") + at, 'x');
      assertThat(loss(wire.toString())).isTrue();
    }
  }

  @Test
  void aFlippedLostOrDoubledByteOfAHeaderIsFoundOut() throws IOException {
    String frame = "\r\n+IPD,0,11:hello world\r\n";
    int start = frame.indexOf('+');
    for (int at = start; at < frame.indexOf("hello"); at++) {
      if (at == start + 5) {
        continue; // the id: that no such link is open is found out by others
      }
      char good = frame.charAt(at);
      for (int bit = 0; bit < 8; bit++) {
        String flipped =
            frame.substring(0, at) + (char) (good ^ 1 << bit) + frame.substring(at + 1);
        assertThat(loss(flipped + frame)).as(flipped).isTrue();
      }
      String lost = frame.substring(0, at) + frame.substring(at + 1);
      assertThat(loss(lost + frame) || strays(lost)).as(lost).isTrue();
      String doubled = frame.substring(0, at) + good + frame.substring(at);
      assertThat(loss(doubled + frame)).as(doubled).isTrue();
    }
  }

  /** Tells whether the reader finds out that bytes were lost or added. */
  private static boolean loss(String wire) throws IOException {
    try {
      return read(bytes(wire), 7, true).stream().anyMatch(Inbound.Damaged.class::isInstance);
    } catch (ProtocolException | EOFException e) { // the end stands for a wire that stands still
      return true;
    }
  }

  /** Tells whether the payload goes to no link, which is found out by others. */
  private static boolean strays(String wire) throws IOException {
    return read(bytes(wire), 7, true).stream()
        .anyMatch(message -> message instanceof Inbound.Data data && data.link() < 0);
  }

  @Test
  void bytesLostInsideFetchedDataAreFoundOut() throws IOException {
    String answer = "+CIPRECVDATA:40," + "0123456789".repeat(4) + "\r\nOK\r\n";
    String wire = answer + "\r\n+IPD,0,40\r\n" + answer + "0,CLOSED\r\n";
    int data = answer.indexOf("0123");
    for (int lost = 1; lost < 40; lost++) {
      String damaged = wire.substring(0, data + 1) + wire.substring(data + 1 + lost);
      boolean answered = false; // without its OK a fetch fails by its time-out
      try {
        answered = read(bytes(damaged), 7).indexOf(OK) == 1;
      } catch (ProtocolException | EOFException e) {
        assertThat(e).hasMessageContaining("wire");
      }
      assertThat(answered).as("%d bytes lost", lost).isFalse();
    }
  }

  @Test
  void noticesThatStandBetweenFetchedDataAndItsResult() throws IOException {
    for (String notice :
        List.of("1,CLOSED\r\n", "WIFI DISCONNECT\r\n", "\r\n+IPD,1,5\r\n", "+TIME_UPDATED\r\n")) {
      List<Inbound> messages = read(bytes("+CIPRECVDATA:5,hello" + notice + Scripts.OK), 3);
      assertThat(messages).hasSize(3).startsWith(new Inbound.Fetched(payload("hello")));
      assertThat(messages).endsWith(OK);
    }
  }

  @Test
  void fetchedDataInBothSyntaxes() throws IOException {
    assertRead(
        "+CIPRECVDATA:5,hello\r\nOK\r\n\r\n+IPD,0,6\r\n",
        new Inbound.Fetched(payload("hello")),
        OK,
        new Inbound.Waiting(0, 6));
    assertRead("+CIPRECVDATA,5:hello\r\nOK\r\n", new Inbound.Fetched(payload("hello")), OK);
  }

  @Test
  void waitingNotices() throws IOException {
    assertRead("\r\n+IPD,0,1440\r\n", new Inbound.Waiting(0, 1440));
    assertRead("\r\n+IPD,1440\r\n", new Inbound.Waiting(Inbound.NO_LINK, 1440));
  }

  @Test
  void countsBeyondReasonAreDamage() throws IOException {
    assertRead("+IPD,0,99999999:abc\r\n\r\nOK\r\n", damaged("+IPD,0,99999999:"), line("abc"), OK);
    assertRead("+IPD,0,8193:abc\r\n", damaged("+IPD,0,8193:"), line("abc"));
    assertRead("+IPD,0,-1:abc\r\n", damaged("+IPD,0,-1:"), line("abc"));
    assertRead("+IPD,:x\r\n", damaged("+IPD,:"), line("x"));
    assertRead("+IPD,\r\n", damaged("+IPD,"));
    assertRead("+CIPRECVDATA:,x\r\n", damaged("+CIPRECVDATA:,"), line("x"));
    assertRead("+CIPRECVDATA:20000000000,x\r\n", damaged("+CIPRECVDATA:20000000000,"), line("x"));
  }

  private static Inbound damaged(String text) {
    return new Inbound.Damaged(text);
  }

  private static Inbound line(String text) {
    return new Inbound.Line(text);
  }

  @Test
  void anOverlongLineIsCutAndTheNextOneWhole() throws IOException {
    String longLine = "x".repeat(3 * AtReader.MAX_LINE);
    assertThat(read(bytes(longLine + "\r\n\r\nOK\r\n"), 100))
        .containsExactly(new Inbound.Line("x".repeat(AtReader.MAX_LINE)), OK);
  }

  @Test
  void bootNoiseIsSkipped() throws IOException {
    assertRead(
        "\0\0\377\376\r\n\r\nready\r\n", new Inbound.Line("\ufffd\ufffd"), new Inbound.Ready());
  }

  @Test
  void theEndWithinAMessageIsAnErrorAndBetweenMessagesIsTheEnd() throws IOException {
    byte[] wire = bytes("\r\nOK\r\n+CIPRECVDATA:5,hello\r\nOK\r\n\r\n+IPD,1,3:abc\r\n0,CLOSED\r\n");
    int ends = 0;
    for (int cut = 0; cut <= wire.length; cut++) {
      try {
        read(java.util.Arrays.copyOf(wire, cut), 7);
        ends++;
      } catch (EOFException e) {
        assertThat(e).hasMessageContaining("the wire ended");
      }
    }
    assertThat(ends).isBetween(10, wire.length - 40);
  }

  @Test
  void aPayloadThatStandsStillHasLostBytes() {
    AtReader reader =
        new AtReader(
            new ChunkedStream(bytes("+CIPRECVDATA:5,hel"), 4, true), Duration.ofMillis(10));
    assertThatThrownBy(reader::next)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("lost on the wire");
  }

  @Test
  void tenThousandRandomLinesAndAMebibyteOfNoiseAreSurvived() {
    long seed = System.nanoTime();
    System.out.println("AtReaderTest noise seed " + seed);
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    String[] starts = {
      "",
      "+IPD,",
      "+CIPRECVDATA:",
      "+CIPRECVDATA,",
      "0,CLOSED",
      "+LINK_CONN:",
      "Recv ",
      "busy ",
      ">"
    };
    for (int i = 0; i < 10_000; i++) {
      lines.append(starts[random.nextInt(starts.length)]);
      for (int n = random.nextInt(40); n > 0; n--) {
        lines.append(
            (char)
                (random.nextInt(4) == 0
                    ? ",:0129\"\r".charAt(random.nextInt(8))
                    : random.nextInt(256)));
      }
      lines.append("\r\n");
    }
    survive(bytes(lines.toString()));
    byte[] noise = new byte[1 << 20];
    random.nextBytes(noise);
    survive(noise);
  }

  private static void survive(byte[] bytes) {
    for (int chunk : new int[] {1, 3, 128, 4096, bytes.length}) {
      AtReader reader = new AtReader(new ChunkedStream(bytes, chunk), Duration.ofSeconds(1));
      boolean more = true;
      while (more) {
        try {
          more = reader.next() != null;
        } catch (EOFException e) {
          assertThat(e).hasMessageContaining("the wire ended"); // it does, within a message
          more = false;
        } catch (ProtocolException e) {
          assertThat(e).hasMessageContaining("lost on the wire"); // and the next one is read
        } catch (IOException e) {
          throw new AssertionError("chunks of " + chunk, e);
        }
      }
    }
  }

  @Test
  void everyKindOfMessageIsKnownToTheEngine() {
    // a new kind must be filed by AtChannel and shown by Shown: this list is the reminder
    assertThat(Inbound.class.getPermittedSubclasses()).hasSize(17);
  }
}
