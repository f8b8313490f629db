package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The line to one module: its speed and flow control, now and as they were found.
 *
 * <p>Changed by the holder of the turn, read by any thread.
 */
final class ModuleLine {
  /** Speeds that people set, the likely ones first; 74880 is the boot loader's of the ESP8266. */
  private static final List<Integer> USUAL =
      List.of(
          115_200, 921_600, 460_800, 230_400, 57_600, 38_400, 19_200, 9_600, 1_000_000, 1_500_000,
          2_000_000, 3_000_000, 74_880, 250_000, 500_000, 4_000_000);

  /** What a line is taken for whose speed is not known. */
  private static final int ASSUMED = 115_200;

  /** What the module may have written that is not on the line yet. */
  private static final int TX_RING = 8 * 1024;

  private final Optional<SerialLine> serial;
  private final Tap tap;
  private final ModuleConfig config;
  private volatile int baud;
  private volatile int home;
  private volatile boolean rtsCts;
  private volatile boolean flowDecided;
  private volatile boolean pushing;
  private volatile @Nullable UartSetting before;
  private volatile @Nullable UartSetting changed;
  private volatile String speedStory = "as configured";
  private volatile String flowStory = "not looked for";

  ModuleLine(CountingByteStream stream, ModuleConfig config) {
    this.serial = stream.line();
    this.tap = stream.tap();
    this.config = config;
    this.baud = config.baud() == ModuleConfig.ANY_BAUD ? ASSUMED : config.baud();
    this.home = baud;
  }

  /** Returns what can be set about the line; empty where that is out of reach. */
  Optional<SerialLine> serial() {
    return serial;
  }

  /** Returns the speed of the line as far as it is known. */
  int baud() {
    return baud;
  }

  /** Returns the speed at which the module was found, and is to be left. */
  int home() {
    return home;
  }

  /** Returns whether each side has been seen to hold the other one back. */
  boolean rtsCts() {
    return rtsCts;
  }

  /** Returns how long the line needs for that many bytes, ten bits each. */
  Duration time(int bytes) {
    return Duration.ofNanos(TimeUnit.SECONDS.toNanos(10) * bytes / baud);
  }

  /** Says whether the module sends data as it comes, or at least may. */
  void pushing(boolean pushes) {
    pushing = pushes;
  }

  boolean pushing() {
    return pushing;
  }

  /** Returns how long an answer may wait in the module behind data that is on its way already. */
  Duration backlog() {
    return pushing ? time(TX_RING) : Duration.ZERO;
  }

  /** Returns how many bytes pass the line in that time. */
  int bytesIn(Duration time) {
    return (int) Math.min(Integer.MAX_VALUE, time.toMillis() * baud / 10_000);
  }

  /**
   * Returns the speeds to look for the module at. The raised speed is among them: a session that
   * died could not put it back.
   */
  List<Integer> candidates() {
    List<Integer> speeds = new ArrayList<>(List.of(home));
    if (serial.isPresent() && config.speed() != 0) {
      speeds.add(config.speed());
    }
    if (serial.isPresent() && config.baud() == ModuleConfig.ANY_BAUD) {
      speeds.addAll(USUAL);
    }
    return speeds.stream().distinct().toList();
  }

  /** Sets the host's side to another speed. */
  void set(int speed) throws IOException {
    if (serial.isPresent() && speed != baud) {
      serial.get().baud(speed);
      baud = speed;
    }
  }

  /** Notes that the module answers at the speed the host has now. */
  void found() {
    if (config.baud() == ModuleConfig.ANY_BAUD) {
      home = baud;
      speedStory = "found by trying the usual speeds";
    } else if (baud != home) {
      speedStory = "found raised, as an earlier session left it";
    }
  }

  /** Notes the module's setting as it is to be left. */
  void found(UartSetting setting) {
    before = setting;
  }

  /** Notes that the module's setting is another one now. */
  void changed(UartSetting setting) {
    changed = setting;
  }

  /** Returns what puts the module's setting back; empty when it was not changed. */
  Optional<AtCommand> restore() {
    UartSetting then = before;
    UartSetting now = changed;
    boolean same = then == null || now == null && baud == home || then.equals(now);
    return same ? Optional.empty() : Optional.of(then.command());
  }

  /** Notes whether each side can hold the other back, and how that is known. */
  void flow(boolean works, String story) {
    rtsCts = works;
    flowDecided = !works; // what works is lost with a restart, and is to be set again
    flowStory = story;
  }

  /** Returns whether RTS/CTS was tried and does not work; it is not tried again. */
  boolean flowDecided() {
    return flowDecided;
  }

  void speedStory(String story) {
    speedStory = story;
  }

  /** Goes back to where a module is after a restart. */
  void begin() throws IOException {
    changed = null;
    if (serial.isPresent() && (rtsCts || baud != home)) {
      rtsCts = false;
      serial.get().rtsCts(false);
      set(home);
    }
  }

  /** Returns what copies the bytes that arrive. */
  Tap tap() {
    return tap;
  }

  LineInfo info() {
    boolean known = serial.isPresent();
    return new LineInfo(known ? baud : 0, known ? home : 0, rtsCts, speedStory, flowStory);
  }
}
