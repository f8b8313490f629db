package io.espat.cli;

/** How the command ends: sysexits numbers, and three that curl made known. */
enum ExitCode {
  OK(0),
  TLS_HANDSHAKE(35),
  TLS_UNTRUSTED(60),
  USAGE(64),
  REJECTED(65),
  NO_INPUT(66),
  NO_HOST(68),
  UNAVAILABLE(69),
  INTERNAL(70),
  DEVICE(72),
  CANNOT_CREATE(73),
  MODULE(74),
  TEMPORARY(75),
  PROTOCOL(76),
  DENIED(77),
  TLS_PIN(90),
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
