package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What faults do to a module as a whole: restarts, a network that goes, a standstill; loop thread
 * only.
 */
final class Mishaps implements Faults.Victim {
  /** What happens between two commands, unless a rule names another moment. */
  private static final List<Fault> BETWEEN_COMMANDS =
      List.of(Fault.RESTART_WHILE_IDLE, Fault.BROWN_OUT, Fault.WIFI_DROP, Fault.DEAD_NETWORK);

  private static final Duration AWAY = Duration.ofMillis(500);

  private final Firmware firmware;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final CommandPort port;
  private final Station station;
  private final Faults faults;
  private @Nullable FaultyLine line;
  private boolean silent;
  private Runnable voiceBack = () -> {}; // takes the end of a standstill back
  private Runnable networkBack = () -> {}; // takes the end of a dead network back

  Mishaps(Parts parts) {
    firmware = parts.setup().firmware();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    links = parts.links();
    port = parts.port();
    station = parts.station();
    faults = parts.faults();
  }

  /** The line that is plugged in. */
  void on(FaultyLine plugged) {
    line = plugged;
  }

  /** Whether the module stands still. */
  boolean silent() {
    return silent;
  }

  @Override
  public void after(Duration delay, Runnable action) {
    loop.after(delay, action);
  }

  @Override
  public void idle() {
    loop.post(this::betweenCommands);
  }

  private void betweenCommands() {
    for (Fault fault : BETWEEN_COMMANDS) {
      if (port.idle()) {
        happen(faults.strike(fault));
      }
    }
  }

  @Override
  public void due(Fault fault) {
    switch (fault) {
      case RESTART_WHILE_IDLE -> idle();
      case BROWN_OUT, WIFI_DROP, DEAD_NETWORK, SILENT -> loop.post(() -> now(fault));
      case CUT_WIRE, SLOW_DRIP, GARBAGE -> loop.post(() -> onLine(fault));
      default -> {
        // it waits for its opportunity
      }
    }
  }

  private void now(Fault fault) {
    happen(faults.strikeDue(fault));
  }

  private void onLine(Fault fault) {
    FaultyLine wires = line;
    Faults.Strike strike = wires == null ? null : faults.strikeDue(fault);
    if (wires == null || strike == null) {
      return;
    }
    if (fault == Fault.GARBAGE && strike.rule().direction() == FaultRule.Direction.TO_HOST) {
      uart.say(new String(Wire.garbage(strike), ISO_8859_1));
    } else {
      wires.strike(strike);
    }
  }

  private void happen(Faults.@Nullable Strike strike) {
    if (strike == null) {
      return;
    }
    switch (strike.rule().fault()) {
      case RESTART_WHILE_IDLE -> crash();
      case BROWN_OUT -> brownOut();
      case WIFI_DROP -> station.lose(strike.lengthOr(AWAY));
      case DEAD_NETWORK -> deadNetwork(strike.rule().length());
      default -> silence(strike);
    }
  }

  @Override
  public void crash() {
    voiceBack.run();
    silent = false;
    networkBack.run();
    links.network(true);
    station.crash();
  }

  private void brownOut() {
    int heard = memory.settings().uart.baud();
    crash();
    if (!firmware.has(Trait.LOADER_ON_PORT)) { // there every boot begins so
      uart.say(new String(BootNoise.heardAt(heard), ISO_8859_1));
    }
  }

  private void deadNetwork(@Nullable Duration length) {
    networkBack.run();
    links.network(false);
    if (length != null) {
      networkBack = loop.after(length, () -> links.network(true));
    }
  }

  @Override
  public void silence(Faults.Strike strike) {
    voiceBack.run();
    silent = true;
    if (strike.rule().length() != null) {
      voiceBack = loop.after(strike.lengthOr(AWAY), () -> silent = false);
    }
  }
}
