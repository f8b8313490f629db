package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.LineModel;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The speed and the wires of a simulated line, which keeps its time. */
class SimulatedLineTest {
  private static final ModuleConfig.Builder PATIENT =
      ModuleConfig.builder().openTimeout(Duration.ofSeconds(8));

  private static SimulatedModule simulated(LineModel.Builder line) {
    return SimulatedModule.builder().line(line.build()).build();
  }

  private static EspAtModule open(SimulatedModule simulated, ModuleConfig.Builder config)
      throws IOException {
    ModuleConfig built = config.build();
    int baud = built.baud() == ModuleConfig.ANY_BAUD ? 115_200 : built.baud();
    return EspAtModule.open(new SimulatedSerialLine(simulated, baud), built);
  }

  @Test
  void theSpeedIsFound() throws IOException {
    try (SimulatedModule simulated = simulated(LineModel.builder().baud(921_600));
        EspAtModule module =
            open(simulated, PATIENT.build().toBuilder().baud(ModuleConfig.ANY_BAUD))) {
      assertThat(module.line().openedAt()).isEqualTo(921_600);
    }
  }

  @Test
  void theWrongSpeedIsNamed() {
    // a faster module hears NULs, which make it discard all: it stays silent
    try (SimulatedModule simulated = simulated(LineModel.builder().baud(38_400))) {
      ModuleConfig.Builder brief = ModuleConfig.builder().openTimeout(Duration.ofSeconds(1));
      assertThatThrownBy(() -> open(simulated, brief))
          .isInstanceOfSatisfying(
              ModuleLostException.class, e -> assertThat(e.id()).isEqualTo(AtException.BAUD));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, true",
    "true, false, false",
    "false, true, false",
    "false, false, false"
  })
  void flowControlIsWhatTheWiresAre(boolean rts, boolean cts, boolean both) throws IOException {
    LineModel.Builder wires = LineModel.builder().rtsWired(rts).ctsWired(cts);
    try (SimulatedModule simulated = simulated(wires)) {
      try (EspAtModule module = open(simulated, PATIENT)) {
        assertThat(module.line().rtsCts()).as(module.line().flow()).isEqualTo(both);
        String now = module.command(AtCommand.of("AT+UART_CUR?")).lines().get(0);
        assertThat(now).endsWith(both ? ",3" : ",1");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"115200, 921600", "921600, 3000000", "460800, 115200"})
  void theSpeedIsRaised(int from, int to) throws IOException {
    try (SimulatedModule simulated = simulated(LineModel.builder().baud(from));
        EspAtModule module = open(simulated, PATIENT.build().toBuilder().baud(from).speed(to))) {
      assertThat(module.line().baud()).as(module.line().speed()).isEqualTo(to);
      assertThat(module.line().rtsCts()).isTrue();
      assertThat(module.command(AtCommand.of("AT")).lines()).isEmpty();
    }
  }
}
