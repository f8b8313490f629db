package io.espat.interop;

import java.io.IOException;
import java.nio.file.Path;

/** The contract over the host's own sockets. */
class HostSocketsTest extends PathContract {
  @Override
  Peers startPeers(Path serverFolder) throws IOException {
    return new InProcessPeers(serverFolder);
  }

  @Override
  Carrier openCarrier() {
    return Carrier.hostSockets();
  }
}
