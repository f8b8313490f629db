package io.espat.cli;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A simulated module behind a TCP port that dies once it has heard so many bytes. */
final class CutWire implements AutoCloseable {
  private final SimulatedModule module;
  private final ServerSocket listening;
  private final long limit;
  private final AtomicLong heard = new AtomicLong();

  CutWire(long limit) throws IOException {
    this.limit = limit;
    this.module =
        SimulatedModule.builder()
            .host("mail.test", "127.0.0.1")
            .host("files.test", "127.0.0.1")
            .build();
    this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  String device() {
    return "tcp://127.0.0.1:" + listening.getLocalPort();
  }

  /** How many bytes the host has sent. */
  long heard() {
    return heard.get();
  }

  private void accept() throws IOException {
    Socket client = listening.accept();
    start("to-module", () -> toModule(client));
    start("from-module", () -> module.input().transferTo(client.getOutputStream()));
  }

  private void toModule(Socket client) throws IOException {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = module.output();
      byte[] buffer = new byte[512];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int passed = (int) Math.min(count, limit - heard.get());
        out.write(buffer, 0, passed);
        if (heard.addAndGet(passed) >= limit) return;
      }
    } finally {
      module.close();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The wire ends; that is what it is for.
              }
            },
            "cut-wire-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    module.close();
  }
}
