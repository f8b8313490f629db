package io.espat.cli;

import org.jspecify.annotations.Nullable;

/** With whom a run is dealing and what it did last, for messages; written by any thread. */
final class Scene {
  private volatile @Nullable Protocol protocol;
  private volatile @Nullable ServerAddress server;
  private volatile @Nullable String address;
  private volatile @Nullable String doing;

  void server(Protocol newProtocol, ServerAddress newServer) {
    protocol = newProtocol;
    server = newServer;
  }

  @Nullable Protocol protocol() {
    return protocol;
  }

  @Nullable ServerAddress server() {
    return server;
  }

  /** The address that the module found for the server. */
  void address(String found) {
    address = found;
  }

  @Nullable String address() {
    return address;
  }

  /** What is being done now, such as {@code opening the module /dev/ttyUSB0}. */
  void doing(String what) {
    doing = what;
  }

  @Nullable String doing() {
    return doing;
  }

  /** HOST:PORT and, once known, the address; empty when no server is involved yet. */
  String peer() {
    ServerAddress known = server;
    if (known == null) return "";
    String found = address;
    boolean worthSaying = found != null && !found.equals(known.host());
    return worthSaying ? known + " (" + found + ")" : known.toString();
  }
}
