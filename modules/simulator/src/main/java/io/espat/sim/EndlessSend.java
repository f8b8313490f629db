package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** What 2.1 does of {@code AT+CIPSEND=0}: it takes everything and sends nothing. */
final class EndlessSend implements Intake {
  private static final byte[] CANCEL = "+++".getBytes(US_ASCII);

  private final CommandPort port;

  EndlessSend(CommandPort port) {
    this.port = port;
  }

  @Override
  public void take(byte[] chunk) {
    if (Arrays.equals(chunk, CANCEL)) {
      port.verdict("\r\nSEND Canceled\r\n");
    }
  }
}
