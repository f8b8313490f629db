package io.espat.sim;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** A TLS server that knows one client by a shared key: the JDK has none of that. */
final class SharedKeyPeer implements TlsPSKIdentityManager {
  private final byte[] identity;
  private final byte[] key;

  SharedKeyPeer(byte[] identity, byte[] key) {
    this.identity = identity;
    this.key = key;
  }

  @Override
  public byte @Nullable [] getHint() {
    return null;
  }

  @Override
  public byte @Nullable [] getPSK(byte[] asked) {
    return Arrays.equals(asked, identity) ? key : null;
  }

  /** Shakes hands on a connection. */
  TlsServerProtocol over(Socket socket) throws IOException {
    TlsServerProtocol protocol =
        new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream());
    protocol.accept(new PSKTlsServer(new BcTlsCrypto(), this));
    return protocol;
  }
}
