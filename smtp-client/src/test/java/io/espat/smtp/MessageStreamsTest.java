package io.espat.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the octets of a file to what follows DATA. Backslashes stand for line ends here. */
class MessageStreamsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a\\r\\nb\\r\\n'|'a\\r\\nb\\r\\n'",
        "'a\\nb\\n'|'a\\r\\nb\\r\\n'",
        "'a\\r\\nb'|'a\\r\\nb\\r\\n'",
        "'a\\r'|'a\\r\\n'",
        "'a\\rb\\n'|'a\\rb\\r\\n'",
        "'a\\r\\r\\nb'|'a\\r\\r\\nb\\r\\n'",
        "'\\n\\n'|'\\r\\n\\r\\n'",
        "''|''"
      })
  void everyLineEndsInCrLfAndNothingElseChanges(String file, String sent) throws IOException {
    assertThat(sent(unescaped(file))).isEqualTo(unescaped(sent));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'A: 1\\nBcc: x@y\\nB: 2\\n\\nbody\\n'|'A: 1\\nB: 2\\n\\nbody\\n'",
        "'BCC: x,\\n y,\\n\\tz\\nB: 2\\n\\nbody\\n'|'B: 2\\n\\nbody\\n'",
        "'bcc : x\\nB: 2\\n\\n'|'B: 2\\n\\n'",
        "'Resent-Bcc: x\\nB: 2\\n\\n'|'B: 2\\n\\n'",
        "'Bcc: x\\n\\nbody\\n'|'\\nbody\\n'",
        "'A: 1\\n\\nBcc: in the body\\n'|'A: 1\\n\\nBcc: in the body\\n'",
        "'Bccx: 1\\nXBcc: 2\\nB: 3\\n\\n'|'Bccx: 1\\nXBcc: 2\\nB: 3\\n\\n'",
        "'A: 1\\n Bcc: folded into A\\n\\n'|'A: 1\\n Bcc: folded into A\\n\\n'",
        "'From me Mon\\nBcc: x\\nB: 2\\n\\n'|'From me Mon\\nB: 2\\n\\n'",
        "'no header\\nBcc: text\\n'|'no header\\nBcc: text\\n'",
        "'Bcc: x'|''",
        "'Bcc:'|''",
        "'Bcc'|'Bcc\\n'",
        "'Bcc: x\\nBcc: y\\nBcc: z\\n\\nB\\n'|'\\nB\\n'"
      })
  void bccIsLeftOutOfTheHeaderWithItsContinuations(String file, String sent) throws IOException {
    assertThat(sent(unescaped(file))).isEqualTo(unescaped(sent).replace("\n", "\r\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'A: 1\\n\\n.\\n'|'A: 1\\n\\n..\\n'",
        "'A: 1\\n\\n..a\\n.b.\\nc.\\n'|'A: 1\\n\\n...a\\n..b.\\nc.\\n'",
        "'.\\n'|'..\\n'",
        "''|''"
      })
  void aDotThatBeginsALineIsDoubled(String file, String wire) throws IOException {
    assertThat(stuffed(unescaped(file))).isEqualTo(unescaped(wire).replace("\n", "\r\n") + ".\r\n");
  }

  @Test
  void aMessageComesThroughWhateverItHolds() throws IOException {
    long seed = System.nanoTime();
    System.getLogger("seed").log(System.Logger.Level.INFO, "seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      StringBuilder file = new StringBuilder("Subject: s\r\n\r\n");
      for (int i = random.nextInt(400); i > 0; i--) file.append(octet(random));
      file.append("\r\n");
      String text = file.toString().replaceAll("(?<!\r)\n", "\r\n");
      assertThat(unstuffed(stuffed(text))).as("seed " + seed).isEqualTo(text);
    }
  }

  @Test
  void theMeasureIsExact() throws IOException {
    String file = "A: 1\nmessage-ID:  <a@b> \nBcc: x\n\n.x\n\u00e4";
    Measure measure = new Measure();
    letter(file).sendTo(measure);
    assertThat(measure.octets()).isEqualTo(sent(file).length());
    assertThat(measure.octetsOnTheWire()).isEqualTo(stuffed(file).length());
    assertThat(measure.eightBit()).isTrue();
    assertThat(measure.messageId()).isEqualTo("<a@b>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Message-ID:\r\n <a@b>\r\nX: y\r\n",
        "Message-Id: \n\t \n  <a@b>\n\n",
        "message-id:<a@b>\n <c@d>\n"
      })
  void aMessageIdMayStandOnALineOfItsOwn(String file) throws IOException {
    Measure measure = new Measure();
    letter(file).sendTo(measure);
    assertThat(measure.messageId()).isEqualTo("<a@b>");
  }

  @Test
  void anEmptyMessageIdTakesNothingFromTheNextField() throws IOException {
    Measure measure = new Measure();
    letter("Message-ID:\nX: <a@b>\n  <c@d>\n\n <e@f>\n").sendTo(measure);
    assertThat(measure.messageId()).isNull();
  }

  @Test
  void aMessageIdInTheBodyIsNone() throws IOException {
    Measure measure = new Measure();
    letter("A: 1\n\nMessage-ID: <a@b>\n").sendTo(measure);
    assertThat(measure.messageId()).isNull();
    assertThat(measure.eightBit()).isFalse();
  }

  private static char octet(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> '.';
      case 1 -> '\n';
      case 2 -> '\r';
      default -> (char) random.nextInt(256);
    };
  }

  private static String sent(String file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    letter(file).sendTo(out);
    return out.toString(ISO_8859_1);
  }

  private static String stuffed(String file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DotStuffing dots = new DotStuffing(out);
    letter(file).sendTo(dots);
    dots.end();
    return out.toString(ISO_8859_1);
  }

  /** As a server reads it: up to the first line that is a dot. */
  private static String unstuffed(String wire) {
    int end = wire.startsWith(".\r\n") ? 0 : wire.indexOf("\r\n.\r\n") + 2;
    assertThat(wire.substring(end)).isEqualTo(".\r\n");
    return wire.substring(0, end).replaceAll("(?<=^|\r\n)\\.", "");
  }

  private static Letter letter(String file) {
    return out -> out.write(file.getBytes(ISO_8859_1));
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
  }
}
