package io.espat.sim;

/** The module's RAM and flash; loop thread only. */
final class Memory {
  private static final int FACTORY_MODE = 2; // the recorded build comes up as an access point

  private Flash flash = new Flash(1);
  private Settings settings = new Settings(flash.uart);
  private long started = System.nanoTime();
  private long clockOffset; // seconds that AT+SYSTIMESTAMP added to the time since start

  Settings settings() {
    return settings;
  }

  Flash flash() {
    return flash;
  }

  /** Forgets what is volatile, and with {@code factory} everything. */
  void restart(boolean factory) {
    if (factory) {
      flash = new Flash(FACTORY_MODE);
    }
    settings = new Settings(flash.uart);
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
