package io.espat.interop;

import java.io.IOException;
import java.nio.file.Path;

/** The contract over the host's own sockets, with real servers. */
class HostSocketsIT extends PathContract {
  @Override
  Peers startPeers(Path serverFolder) throws IOException {
    return new RealPeers();
  }

  @Override
  Carrier openCarrier() {
    return Carrier.hostSockets();
  }
}
