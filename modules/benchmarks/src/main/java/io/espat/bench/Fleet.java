package io.espat.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Many modules at once in one JVM, half of them sending and half receiving. */
final class Fleet {
  private final int count;
  private final int baud;
  private final int size;

  Fleet(int count, int baud, int size) {
    this.count = count;
    this.baud = baud;
    this.size = size;
  }

  /** Returns the share of its line that each had, in percent. */
  List<Double> shares() throws IOException {
    List<Rig<EngineHost>> rigs = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        rigs.add(Rig.engine(baud));
      }
      Measurement measurement = new Measurement(baud, size);
      List<FutureTask<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        EngineHost host = rigs.get(i).host();
        boolean up = i % 2 == 0;
        tasks.add(new FutureTask<>(() -> up ? measurement.up(host) : measurement.down(host)));
      }
      tasks.forEach(task -> Peer.daemon("bench module", task));
      List<Double> shares = new ArrayList<>();
      for (FutureTask<Double> task : tasks) {
        shares.add(task.get());
      }
      return shares;
    } catch (ExecutionException e) {
      throw new IOException("one of " + count + " modules failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      for (Rig<EngineHost> rig : rigs) {
        rig.close();
      }
    }
  }
}
