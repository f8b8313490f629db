package io.espat.bench;

import java.io.IOException;

/** A way of driving a module whose speed is measured: espat's engine, or the best known other. */
interface Host extends AutoCloseable {
  String name();

  /** Opens a link to a port of this computer. */
  Channel open(int port) throws IOException;

  @Override
  void close() throws IOException;

  /** One link of a module. */
  interface Channel {
    /** Hands all bytes to the module; returns when it has taken the last one. */
    void send(byte[] bytes) throws IOException;

    /** Reads that many bytes and checks them against {@link Peer#pattern}. */
    void receive(int count, Peer.Progress progress) throws IOException;

    /** Sends 64 bytes and reads 64. */
    void ask(byte[] question) throws IOException;
  }
}
