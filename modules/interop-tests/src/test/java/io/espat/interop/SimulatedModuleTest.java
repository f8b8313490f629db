package io.espat.interop;

import java.io.IOException;
import java.nio.file.Path;

/** The contract over a simulated module in process. */
class SimulatedModuleTest extends PathContract {
  @Override
  Peers startPeers(Path serverFolder) throws IOException {
    return new InProcessPeers(serverFolder);
  }

  @Override
  Carrier openCarrier() throws IOException {
    return Carrier.simulatedModule();
  }
}
