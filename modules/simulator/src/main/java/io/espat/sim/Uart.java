package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The module's serial port: what it has said and the line has not yet taken; loop thread only, save
 * the counters.
 *
 * <p>The transmit ring of the firmware holds 8 KiB. While it is full ({@link #hasRoom}) the module
 * neither takes commands nor reads its links, so what waits here is bounded by the ring and one
 * message more.
 */
final class Uart {
  static final int RING = 8192;
  static final int KEPT_FOR_NOBODY = 4096;

  private final Transcript transcript;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int taken; // of the first message that waits
  private int held;
  private boolean resting; // the module stands still
  private boolean refused; // the ring was full when somebody asked
  private @Nullable Line line;
  private Pacing pacing = Pacing.NONE;
  private Settings.@Nullable UartSetting tuned;
  private volatile long bytesFromHost; // written by the loop thread only
  private volatile long bytesToHost; // written by the loop thread only

  Uart(Transcript transcript) {
    this.transcript = transcript;
  }

  void plug(Line line, Pacing pacing) {
    this.line = line;
    this.pacing = pacing;
  }

  /** Says a message as one write; never waits. */
  void say(String text) {
    byte[] message = text.getBytes(ISO_8859_1);
    transcript.said(text);
    queue(message);
  }

  /** Says payload between a head and a tail, as one write: nothing can stand inside. */
  void say(String head, byte[] payload, int count, String tail) {
    byte[] message = new byte[head.length() + count + tail.length()];
    System.arraycopy(head.getBytes(ISO_8859_1), 0, message, 0, head.length());
    System.arraycopy(payload, 0, message, head.length(), count);
    System.arraycopy(tail.getBytes(ISO_8859_1), 0, message, head.length() + count, tail.length());
    transcript.said(head, payload, count, tail);
    queue(message);
  }

  /** Echoes bytes of a command; the transcript shows the echo with the line that it belongs to. */
  void echo(byte[] bytes) {
    queue(bytes);
  }

  private void queue(byte[] message) {
    boolean heard = line == null || line.attached();
    if (!heard && held + message.length > KEPT_FOR_NOBODY) {
      return;
    }
    waiting.add(message);
    held += message.length;
    if (pacing.paced() && !resting) {
      flush(); // its place on the line is now
    }
  }

  /** Whether the transmit ring has room: if not, the firmware stands still. */
  boolean hasRoom() {
    boolean room = held + pacing.unsent() < RING || (line != null && !line.attached());
    refused |= !room;
    return room;
  }

  /** Whether somebody was refused room since the last call, and now there is some. */
  boolean roomAgain() {
    boolean was = refused;
    refused = false;
    return was && hasRoom();
  }

  /** Whether a message that waits for the transmit ring holds the socket lock meanwhile. */
  boolean locked() {
    return pacing.paced() && !hasRoom();
  }

  /** Sets the module's end of the line, when it is another, once all that was said has left. */
  void tune(Settings.UartSetting setting) {
    if (!setting.equals(tuned)) {
      tuned = setting;
      pacing.retune(setting);
    }
  }

  /** Whether something that was said has not left the transmit ring. */
  boolean unsent() {
    return pacing.unsent() > 0;
  }

  /** Begins again with the setting of the flash; what has not left is forgotten. */
  void restart(Settings.UartSetting setting) {
    tuned = setting;
    pacing.restart(setting);
  }

  byte @Nullable [] poll() {
    byte[] chunk = line == null ? null : line.poll();
    if (chunk != null) {
      bytesFromHost = bytesFromHost + chunk.length;
    }
    return chunk;
  }

  /** Gives the line what it takes. */
  void flush() {
    Line to = line;
    while (to != null && !resting && !waiting.isEmpty() && to.attached()) {
      byte[] first = waiting.getFirst();
      int count = to.offer(first, taken, first.length - taken);
      if (waiting.isEmpty()) {
        return; // the client went in this very write
      }
      taken += count;
      held -= count;
      bytesToHost = bytesToHost + count;
      if (taken < first.length) {
        return;
      }
      waiting.removeFirst();
      taken = 0;
    }
  }

  /** Stands still: what comes is taken, and nothing more is said than has left already. */
  void rest() {
    resting = true;
    pacing.expect(Pacing.CHUNKS);
    if (line != null) {
      line.want(true, false);
    }
  }

  /** Speaks again, after {@link #rest}. */
  void wake() {
    if (resting) {
      resting = false;
      flush();
    }
  }

  /** Tells the line whether input is taken, and what the module sleeps for. */
  void want(boolean input, int expected) {
    pacing.expect(expected);
    if (line != null) {
      line.want(input, !waiting.isEmpty());
    }
  }

  /** Drops what was on its way to a client that has gone, or when the module lost power. */
  void lost() {
    waiting.clear();
    taken = 0;
    held = 0;
    if (line != null) {
      line.forget();
    }
  }

  long bytesFromHost() {
    return bytesFromHost;
  }

  long bytesToHost() {
    return bytesToHost;
  }

  void close() {
    flush();
    if (line != null) {
      line.close();
    }
  }
}
