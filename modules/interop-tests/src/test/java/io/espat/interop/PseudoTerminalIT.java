package io.espat.interop;

import java.io.IOException;
import java.nio.file.Path;

/** The contract over a serial device, with real servers. */
class PseudoTerminalIT extends PathContract {
  @Override
  Peers startPeers(Path serverFolder) throws IOException {
    return new RealPeers();
  }

  @Override
  Carrier openCarrier() throws IOException {
    return Carrier.pseudoTerminal();
  }
}
