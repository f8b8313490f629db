package io.espat.sim;

import java.nio.ByteBuffer;

/** The value behind the prompt of {@code AT+SYSMFG=2}: OK follows it, and no {@code Recv} line. */
final class MfgWrite implements Intake {
  private final CommandPort port;
  private final MfgStore store;
  private final String namespace;
  private final String key;
  private final int type;
  private final ByteBuffer value;

  MfgWrite(CommandPort port, MfgStore store, String namespace, String key, int type, int length) {
    this.port = port;
    this.store = store;
    this.namespace = namespace;
    this.key = key;
    this.type = type;
    value = ByteBuffer.allocate(length);
  }

  @Override
  public void take(byte[] chunk) {
    int used = Math.min(value.remaining(), chunk.length);
    value.put(chunk, 0, used);
    if (!complete()) {
      return;
    }
    if (used < chunk.length) {
      port.busy();
    }
    port.later(this::store);
  }

  @Override
  public boolean complete() {
    return !value.hasRemaining();
  }

  @Override
  public boolean secret() {
    return namespace.endsWith("_key");
  }

  /** A string must not hold the NUL that would end it. */
  private void store() {
    boolean kept =
        (type == MfgStore.BINARY || !hasNul()) && store.write(namespace, key, type, value.array());
    port.verdict(kept ? "\r\nOK\r\n" : "\r\nERROR\r\n");
  }

  private boolean hasNul() {
    for (byte one : value.array()) {
      if (one == 0) {
        return true;
      }
    }
    return false;
  }
}
