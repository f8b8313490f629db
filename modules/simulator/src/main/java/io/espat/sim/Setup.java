package io.espat.sim;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link SimulatedModule} was built with. */
record Setup(
    Firmware firmware,
    Map<String, List<InetAddress>> hosts,
    boolean allowNetwork,
    boolean joined,
    List<Network> networks,
    @Nullable Consumer<String> transcript,
    boolean payloadShown,
    Pace pace,
    LineModel line,
    FaultPlan faults,
    Map<String, Map<String, String>> certificates) {

  /**
   * How long the module takes: a restart, from association to address, a scan or a join. The
   * recorded times are seconds; these only keep the order of events observable.
   */
  record Pace(Duration boot, Duration address, Duration scan, Duration connect) {
    /** How long the module waits for a network that says nothing: 5 s were recorded, of 15. */
    Duration unheard() {
      return connect.dividedBy(3);
    }

    static final Pace DEFAULT =
        new Pace(
            Duration.ofMillis(150),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofSeconds(15));
  }
}
