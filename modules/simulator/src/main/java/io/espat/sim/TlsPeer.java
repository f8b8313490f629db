package io.espat.sim;

import java.io.IOException;
import org.bouncycastle.tls.TlsProtocol;

/** One side's part in a handshake: what it begins with and what it found wrong with the other. */
interface TlsPeer {
  /** Begins; what is to be sent waits in the protocol. */
  TlsProtocol begin() throws IOException;

  /** What is wrong with the peer's certificate, 0 for nothing. */
  int flags();
}
