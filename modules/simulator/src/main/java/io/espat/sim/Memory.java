package io.espat.sim;

import java.util.function.Consumer;

/** The module's RAM and flash; loop thread only. */
final class Memory {
  private static final int FACTORY_MODE = 2; // the recorded build comes up as an access point

  private Kept flash = new Kept(1);
  private Kept kept;
  private Settings settings;
  private final MfgStore manufacturing = MfgStore.factory();
  private long started = System.nanoTime();
  private long clockOffset; // seconds that AT+SYSTIMESTAMP added to the time since start

  Memory(Settings.UartSetting uart) {
    flash.uart = uart;
    kept = flash.copy();
    settings = new Settings(uart);
  }

  Settings settings() {
    return settings;
  }

  /** The partition that restarts and {@code AT+RESTORE} leave alone. */
  MfgStore manufacturing() {
    return manufacturing;
  }

  /** The values in force; {@link #store} makes changes of them survive a restart. */
  Kept kept() {
    return kept;
  }

  /** Writes the values in force to flash, unless {@code AT+SYSSTORE} is 0. */
  void store() {
    if (settings.stores) {
      flash = kept.copy();
    }
  }

  /** Changes a value in force and in flash, whatever {@code AT+SYSSTORE} says. */
  void storeAlways(Consumer<Kept> change) {
    change.accept(flash);
    change.accept(kept);
  }

  /** Forgets what is volatile, and with {@code factory} everything. */
  void restart(boolean factory) {
    if (factory) {
      flash = new Kept(FACTORY_MODE);
    }
    kept = flash.copy();
    settings = new Settings(kept.uart);
    started = System.nanoTime();
    clockOffset = 0;
  }

  /** Seconds since 1970 as the module believes: since its start, until it is told better. */
  long clock() {
    if (settings.timeKnown && clockOffset == 0) {
      return System.currentTimeMillis() / 1000;
    }
    return uptime() + clockOffset;
  }

  void setClock(long seconds) {
    clockOffset = seconds - uptime();
  }

  private long uptime() {
    return (System.nanoTime() - started) / 1_000_000_000L;
  }
}
