package io.espat.tls;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.bouncycastle.tls.crypto.TlsHash;

/**
 * A hash that remembers its input. Bouncy Castle keeps the handshake's transcript to itself, and
 * TLS 1.3 resumption needs it up to the client's Finished (RFC 8446 section 7.1).
 */
final class RecordingHash implements TlsHash {
  private final TlsHash hash;
  private final List<RecordingHash> all;
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();

  RecordingHash(TlsHash hash, List<RecordingHash> all) {
    this.hash = hash;
    this.all = all;
    all.add(this);
  }

  /** What was hashed since the last reset. */
  byte[] input() {
    return record.toByteArray();
  }

  @Override
  public void update(byte[] bytes, int offset, int count) {
    hash.update(bytes, offset, count);
    record.write(bytes, offset, count);
  }

  @Override
  public byte[] calculateHash() {
    record.reset();
    return hash.calculateHash();
  }

  @Override
  public TlsHash cloneHash() {
    RecordingHash clone = new RecordingHash(hash.cloneHash(), all);
    clone.record.writeBytes(record.toByteArray());
    return clone;
  }

  @Override
  public void reset() {
    hash.reset();
    record.reset();
  }
}
