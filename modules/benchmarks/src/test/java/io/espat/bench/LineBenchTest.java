package io.espat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Keeps the bench running; the speeds that it measures are judged by whoever runs it. */
class LineBenchTest {
  private static final int BAUD = 3_000_000;
  private final Measurement measurement = new Measurement(BAUD, 20_000);

  @Test
  void theEngineIsMeasuredInEveryWork() throws IOException {
    try (Rig<EngineHost> rig = Rig.engine(BAUD)) {
      assertThat(measurement.up(rig.host())).isBetween(1.0, 101.0);
      assertThat(measurement.down(rig.host())).isBetween(1.0, 101.0);
      assertThat(measurement.ask(rig.host())).isBetween(1.0, 140.0);
    }
  }

  @Test
  void theKnownWayIsMeasured() throws IOException {
    try (Rig<KnownHost> rig = Rig.known(BAUD)) {
      assertThat(measurement.up(rig.host())).isBetween(1.0, 101.0);
      assertThat(measurement.down(rig.host())).isBetween(1.0, 101.0);
      assertThat(measurement.both(rig.host())).isBetween(1.0, 101.0);
      assertThat(measurement.ask(rig.host())).isBetween(1.0, 140.0);
    }
  }

  @Test
  void oneThreadThatLooksAtNothingIsMeasured() throws IOException {
    try (Peer echo = Peer.echo();
        SimulatedModule module = Rig.module(BAUD)) {
      BareHost host = new BareHost(module.input(), module.output());
      assertThat(host.asksPerSecond(echo.port(), 20)).isBetween(1.0, 140.0);
    }
  }

  @Test
  void aMailIsMeasured() throws IOException {
    try (MailMeasurement mail = new MailMeasurement();
        Rig<EngineHost> rig = Rig.engine(BAUD)) {
      assertThat(mail.share(rig.host().module(), BAUD, 20_000)).isBetween(1.0, 101.0);
    }
  }

  @Test
  void severalModulesAreMeasuredAtOnce() throws IOException {
    assertThat(new Fleet(4, BAUD, 20_000).shares())
        .hasSize(4)
        .allSatisfy(share -> assertThat(share).isBetween(1.0, 101.0));
  }
}
