package io.espat.at;

import java.util.Optional;

/**
 * The serial setting of a module, in the order of {@code AT+UART_CUR}.
 *
 * @param flow bit 0: the module drives RTS; bit 1: it obeys its CTS
 */
record UartSetting(int baud, int data, int stop, int parity, int flow) {
  static final int MODULE_HOLDS_HOST = 1;
  static final int BOTH = 3;

  /** Reads the answer to {@code AT+UART_CUR?} or {@code AT+UART_DEF?}. */
  static Optional<UartSetting> parse(AtReply reply, String prefix) {
    String[] fields = reply.value(prefix).orElse("").strip().split(",", -1);
    if (fields.length != 5) {
      return Optional.empty();
    }
    int[] numbers = new int[5];
    for (int i = 0; i < 5; i++) {
      if (!fields[i].matches("\\d{1,7}")) {
        return Optional.empty();
      }
      numbers[i] = Integer.parseInt(fields[i]);
    }
    return Optional.of(new UartSetting(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]));
  }

  UartSetting withBaud(int other) {
    return new UartSetting(other, data, stop, parity, flow);
  }

  UartSetting withFlow(int other) {
    return new UartSetting(baud, data, stop, parity, other);
  }

  boolean obeysCts() {
    return (flow & 2) != 0;
  }

  /** Returns what sets this until the next restart; the flash is never written. */
  AtCommand command() {
    return AtCommand.builder("AT+UART_CUR")
        .with(baud)
        .with(data)
        .with(stop)
        .with(parity)
        .with(flow)
        .build();
  }
}
