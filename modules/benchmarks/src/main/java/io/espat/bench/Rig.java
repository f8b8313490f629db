package io.espat.bench;

import io.espat.sim.LineModel;
import io.espat.sim.SimulatedModule;
import java.io.IOException;

/** A paced simulated module and a host on it, ended together. */
final class Rig<H extends Host> implements AutoCloseable {
  /** Makes the host of a module. */
  interface Maker<H> {
    H make(SimulatedModule module, int baud) throws IOException;
  }

  private final SimulatedModule module;
  private final H host;

  Rig(int baud, Maker<H> maker) throws IOException {
    module = module(baud);
    boolean made = false;
    try {
      host = maker.make(module, baud);
      made = true;
    } finally {
      if (!made) {
        module.close();
      }
    }
  }

  /** A module with RTS/CTS wired and obeyed by both sides, and the default latencies. */
  static SimulatedModule module(int baud) {
    return SimulatedModule.builder()
        .host("mail.test", "127.0.0.1")
        .line(LineModel.builder().baud(baud).flowControl(3).build())
        .build();
  }

  static Rig<EngineHost> engine(int baud) throws IOException {
    return new Rig<>(baud, EngineHost::new);
  }

  static Rig<KnownHost> known(int baud) throws IOException {
    return new Rig<>(baud, (module, rate) -> new KnownHost(module.input(), module.output()));
  }

  H host() {
    return host;
  }

  SimulatedModule module() {
    return module;
  }

  @Override
  public void close() throws IOException {
    try {
      host.close();
    } finally {
      module.close();
    }
  }
}
