package io.espat.bench;

import io.espat.at.ModuleStatistics;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a mebibyte costs the host: processor time, commands, bytes on the wire, memory. */
final class Costs {
  private static final int BAUD = 3_000_000;
  private static final int LINKS = 5;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final int size;

  Costs(int size) {
    this.size = size;
  }

  /** Moves the bytes one way and tells what that took, without the simulator's share. */
  String transfer(boolean up) throws IOException {
    try (Rig<EngineHost> rig = Rig.engine(BAUD)) {
      EngineHost host = rig.host();
      Measurement measurement = new Measurement(BAUD, size);
      ModuleStatistics before = host.module().statistics();
      long start = engineNanos();
      if (up) {
        measurement.up(host);
      } else {
        measurement.down(host);
      }
      double seconds = (engineNanos() - start) / 1e9;
      ModuleStatistics after = host.module().statistics();
      long wire =
          up
              ? after.bytesSent() - before.bytesSent()
              : after.bytesReceived() - before.bytesReceived();
      return String.format(
          Locale.ROOT,
          "%.3f s of processor time a MiB, %d AT commands, %d bytes on the wire for %d",
          seconds * (1 << 20) / size,
          after.commands() - before.commands(),
          wire,
          size);
    }
  }

  /** The caller's thread and the engine's: all but the simulator, the peers and the JVM's own. */
  private long engineNanos() {
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      boolean engine =
          info != null
              && (id == Thread.currentThread().getId()
                  || info.getThreadName().startsWith("espat ")); // espat-sim-module is not
      sum += engine ? Math.max(0, threads.getThreadCpuTime(id)) : 0;
    }
    return sum;
  }

  /** The memory that a module holds while five links have output queued to their limit. */
  long heapOfBusyLinks() throws IOException {
    try (Peer sink = Peer.sink();
        Rig<EngineHost> rig = Rig.engine(9600)) { // so slow that the queues stay full
      long idle = usedHeap();
      byte[] bytes = Peer.pattern(size);
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < LINKS; i++) {
        sockets.add(rig.host().module().sockets().createSocket("127.0.0.1", sink.port()));
      }
      for (Socket socket : sockets) {
        OutputStream out = socket.getOutputStream();
        Peer.daemon("bench writer", () -> fill(out, bytes));
      }
      long most = 0;
      for (int i = 0; i < 10; i++) {
        most = Math.max(most, usedHeap());
      }
      return most - idle - bytes.length;
    }
  }

  private static void fill(OutputStream out, byte[] bytes) {
    try {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      // the module was closed: it has been measured
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
