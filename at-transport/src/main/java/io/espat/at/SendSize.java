package io.espat.at;

import java.time.Duration;

/**
 * How much one send takes: as much as pays, and no more than others can wait for.
 *
 * <p>Bulk is for lines with working flow control only. {@code AT+CIPSENDL} passes bytes on as they
 * come; where the network pauses and the line cannot be held back, the module loses them, and the
 * send with them. One {@code AT+CIPSEND} is kept whole in the module first.
 */
final class SendSize {
  private static final int BULK = 256 * 1024;
  private static final int LEAST = 64;

  /** How long the line is one link's when no other needs it, and when one does. */
  private static final Duration ALONE = Duration.ofSeconds(8);

  private static final Duration SHARED = Duration.ofSeconds(1);

  /** A send can be stopped between two pieces; each is this much of line time, in these bounds. */
  private static final Duration PIECE_TIME = Duration.ofMillis(100);

  private static final int LEAST_PIECE = 1024;
  private static final int MOST_PIECE = 4096;

  private final ModuleLine line;
  private final int single;
  private final int most;

  SendSize(AtChannel channel, Dialect dialect) {
    this.line = channel.line();
    this.single = dialect.sendLimit();
    this.most = dialect.bulk() && channel.flowControlled() ? BULK : single;
  }

  /** Returns the most bytes of a send; fewer while the line is {@code shared} by other links. */
  int most(boolean shared) {
    return Math.min(most, Math.max(LEAST, line.bytesIn(shared ? SHARED : ALONE)));
  }

  /** Returns the bytes that are worth a send though more may follow. */
  int full() {
    return Math.min(single, most(false));
  }

  /** Returns the bytes of one write to the line, about. */
  int piece() {
    return piece(line);
  }

  /** Returns how long a send goes on at most after it was told to stop. */
  static Duration pieceTime(ModuleLine line) {
    return line.time(piece(line));
  }

  private static int piece(ModuleLine line) {
    return Math.max(LEAST_PIECE, Math.min(MOST_PIECE, line.bytesIn(PIECE_TIME)));
  }

  /** Returns the command that announces so many bytes. */
  AtCommand command(int link, int size) {
    return AtCommand.builder(size > single ? "AT+CIPSENDL" : "AT+CIPSEND")
        .with(link)
        .with(size)
        .build();
  }
}
