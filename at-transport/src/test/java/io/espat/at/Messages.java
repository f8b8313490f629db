package io.espat.at;

import java.nio.ByteBuffer;

/** Messages whose bytes outlive the next one. */
final class Messages {
  private Messages() {}

  static Inbound kept(Inbound message) {
    if (message instanceof Inbound.Data data) {
      return new Inbound.Data(data.link(), kept(data.bytes()));
    }
    if (message instanceof Inbound.Fetched fetched) {
      return new Inbound.Fetched(kept(fetched.bytes()));
    }
    return message;
  }

  private static ByteBuffer kept(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return ByteBuffer.wrap(copy);
  }
}
