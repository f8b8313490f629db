package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Finds out about RTS/CTS and raises the speed, as the configuration wants it. */
final class LineSetup {
  private static final Logger LOG = LogManager.getLogger();

  private final AtChannel channel;
  private final Turn turn;
  private final ModuleLine line;
  private final FlowControl wanted;

  LineSetup(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
    this.line = channel.line();
    this.wanted = channel.config().flow();
  }

  /**
   * Asks the module nothing when nothing is to be done.
   *
   * @throws DeviceException if RTS/CTS was asked for and does not work
   */
  void run() throws IOException {
    SerialLine serial = line.serial().orElse(null);
    int speed = channel.config().speed();
    if (wanted == FlowControl.NONE) {
      line.flow(false, "switched off");
    } else if (serial == null) {
      line.flow(wanted == FlowControl.RTS_CTS, serialOutOfReach());
    }
    boolean faster = speed != 0 && serial != null;
    if (serial == null || wanted == FlowControl.NONE && !faster) {
      return;
    }
    UartSetting found = ask("AT+UART_CUR?", "+UART_CUR:");
    if (found == null) {
      giveUp("the module cannot say how its line is set");
      return;
    }
    // its own figure is the divider's, a little off what was set
    UartSetting now = found.withBaud(line.baud());
    line.found(atHome(now));
    if (wanted != FlowControl.NONE && !line.flowDecided()) {
      now = test(serial, now);
    }
    if (faster && speed != line.baud()) {
      line.speedStory(new SpeedRaise(channel, turn).to(speed, now));
    }
  }

  private String serialOutOfReach() {
    return wanted == FlowControl.RTS_CTS
        ? "as configured; this carrier lets nobody test it"
        : "this carrier has no modem lines";
  }

  /** What an earlier session left raised goes back to what is stored. */
  private UartSetting atHome(UartSetting now) throws IOException {
    UartSetting stored = line.baud() == line.home() ? now : ask("AT+UART_DEF?", "+UART_DEF:");
    return (stored == null ? now : stored).withBaud(line.home());
  }

  private @Nullable UartSetting ask(String command, String prefix) throws IOException {
    try {
      Optional<UartSetting> setting = UartSetting.parse(turn.ask(AtCommand.of(command)), prefix);
      return setting.orElse(null);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return null;
    }
  }

  private UartSetting test(SerialLine serial, UartSetting now) throws IOException {
    FlowTrial trial = new FlowTrial(turn, serial, now);
    try {
      UartSetting both = trial.run();
      line.changed(both);
      line.flow(true, "each side has held the other back");
      return both;
    } catch (FlowTrial.Unwired e) {
      giveUp(e.getMessage());
      return now;
    } catch (FlowTrial.Stuck e) {
      boolean back = trial.restarted();
      giveUp(e.getMessage() + (back ? "; it was restarted" : ""));
      if (back) {
        throw new SocketTimeoutException(channel.name() + ": the module was restarted");
      }
      throw new DeviceException(
          DeviceException.LINE,
          "testing RTS/CTS on " + channel.name() + ": " + e.getMessage(),
          "restart the module, wire its CTS to the host's RTS, or open it without flow control",
          null);
    }
  }

  private void giveUp(String why) throws DeviceException {
    LOG.debug("{}: no RTS/CTS: {}", channel.name(), why);
    line.flow(false, why);
    if (wanted == FlowControl.RTS_CTS) {
      throw new DeviceException(
          DeviceException.LINE,
          "RTS/CTS flow control on " + channel.name() + " does not work: " + why,
          "wire RTS and CTS both ways, or open the module without flow control",
          null);
    }
  }
}
