package io.espat.cli;

/**
 * Keeps the libraries' loggers quiet, or lets them speak with {@code -vv}.
 *
 * <p>Must be called before the first logger is made. Quiet means Log4j's simple logger at OFF:
 * Log4j Core, which takes a sixth of a second to start, is then not started at all.
 */
final class Logging {
  private Logging() {}

  static void configure(int verbosity) {
    System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
    if (verbosity >= 2) return; // log4j2.xml of this module speaks
    setDefault(
        "log4j2.loggerContextFactory",
        "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
    setDefault("log4j.jul.loggerAdapter", "org.apache.logging.log4j.jul.ApiLoggerAdapter");
    setDefault("org.apache.logging.log4j.simplelog.level", "OFF");
  }

  private static void setDefault(String name, String value) {
    if (System.getProperty(name) == null) System.setProperty(name, value);
  }
}
