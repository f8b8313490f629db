package io.espat.sim;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.bouncycastle.tls.TlsProtocol;

/**
 * A link in TLS; one read is one record, and the next record stays in the socket until the one
 * before was taken.
 *
 * <p>So the module holds one record and its ciphertext, about 34 KiB, and a peer that sends on is
 * held back by TCP.
 */
final class TlsChannel implements LinkChannel {
  static final int RECORD = 16_384;

  private static final Logger LOG = LogManager.getLogger(TlsChannel.class);
  private static final int HEADER = 5;
  private static final int EXPANSION = 2048; // at most, RFC 5246 section 6.2.3
  private static final int SENT_RECORD = 4096; // as recorded
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final LinkChannel socket;
  private final TlsPeer peer;
  private final TlsProtocol protocol;
  private final ByteBuffer record = ByteBuffer.allocate(HEADER + RECORD + EXPANSION);
  private ByteBuffer out = NOTHING; // ciphertext that the socket has not taken
  private int closingRecord;

  TlsChannel(LinkChannel socket, TlsPeer peer) throws IOException {
    this.socket = socket;
    this.peer = peer;
    record.limit(HEADER);
    protocol = peer.begin();
    collect();
  }

  /** Goes on with the handshake as far as the socket allows and says whether it is done. */
  boolean shakeHands() throws TlsTrouble {
    try {
      boolean flushed = flush();
      while (protocol.isHandshaking() && arrived()) {
        open();
        flushed = flush();
      }
      return flushed && !protocol.isHandshaking();
    } catch (IOException e) {
      hearOut();
      throw TlsTrouble.of(e, peer.flags());
    }
  }

  /** Takes what the peer has said, so that closing does not run over the alert to it. */
  private void hearOut() {
    gone();
    try {
      for (int i = 0; i < 8 && socket.read(record.clear()) > 0; i++) {
        LOG.trace("what follows a failed handshake is dropped");
      }
    } catch (IOException e) {
      LOG.debug("after a failed handshake: {}", e.getMessage());
    }
  }

  @Override
  public String type() {
    return Family.V6.takes(remote().getAddress()) ? "SSLv6" : "SSL";
  }

  @Override
  public InetSocketAddress remote() {
    return socket.remote();
  }

  @Override
  public int localPort() {
    return socket.localPort();
  }

  @Override
  public int piece() {
    return RECORD;
  }

  @Override
  public int window() {
    return RECORD;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!arrived()) {
      return 0;
    }
    int length = record.position();
    open();
    if (protocol.isClosed()) {
      closingRecord = length;
      return -1;
    }
    flush();
    return protocol.readInput(into, into.remaining());
  }

  @Override
  public int closingRecord() {
    return closingRecord;
  }

  /** Reads on at the record under way and says whether all of it is here. */
  private boolean arrived() throws IOException {
    while (record.hasRemaining()) {
      int count = socket.read(record);
      if (count < 0) {
        throw new EOFException("the peer ended the connection without closing TLS");
      }
      if (count == 0) {
        return false;
      }
      if (!record.hasRemaining() && record.position() == HEADER) {
        record.limit(HEADER + length());
      }
    }
    return true;
  }

  /** The length that the header of a record tells, if a header it is. */
  private int length() throws TlsTrouble {
    int type = record.get(0);
    int length = record.getShort(3) & 0xFFFF;
    if (type < 20 || type > 24 || record.get(1) != 3 || length > RECORD + EXPANSION) {
      throw TlsTrouble.record();
    }
    return length;
  }

  private void open() throws IOException {
    int length = record.position();
    record.clear().limit(HEADER);
    try {
      protocol.offerInput(record.array(), 0, length);
    } finally {
      if (!protocol.isClosed() || protocol.isFailed()) {
        collect(); // to a close_notify the firmware says nothing
      }
    }
  }

  /** Takes what the protocol has to send behind what still waits to be sent. */
  private void collect() {
    int count = protocol.getAvailableOutputBytes();
    if (count > 0) {
      ByteBuffer all = ByteBuffer.allocate(out.remaining() + count).put(out);
      protocol.readOutput(all, count);
      out = all.flip();
    }
  }

  private boolean flush() throws IOException {
    return !out.hasRemaining() || socket.write(out);
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    while (flush() && bytes.hasRemaining()) {
      byte[] piece = new byte[Math.min(SENT_RECORD, bytes.remaining())];
      bytes.get(piece);
      protocol.writeApplicationData(piece, 0, piece.length);
      collect();
    }
    return !out.hasRemaining();
  }

  @Override
  public boolean takeReadable() {
    return socket.takeReadable();
  }

  @Override
  public boolean takeWritable() {
    return socket.takeWritable();
  }

  /** Alerts that wait go first: nothing is read before. */
  @Override
  public void want(boolean reading, boolean writing) {
    boolean owing = !gone();
    socket.unread(0); // what TLS has read has left the receive window
    socket.want(reading && !owing, writing || owing);
  }

  /** Waits for nothing, not even for what is owed. */
  void rest() {
    socket.want(false, false);
  }

  private boolean gone() {
    try {
      return flush();
    } catch (IOException e) {
      LOG.debug("sending on a link of the simulated module: {}", e.getMessage());
      out = NOTHING; // reading meets the reason
      return true;
    }
  }

  @Override
  public void abort() {
    socket.abort();
  }

  /** Tries to send what is left and ends without close_notify, as the firmware does. */
  @Override
  public void close() {
    gone();
    socket.close();
  }
}
