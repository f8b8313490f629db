package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The speed of the line and its flow control: found, proven, and left as they were. */
class LineTest {
  private static final ModuleConfig.Builder NO_FLOW =
      Scripts.QUICK.toBuilder().flow(FlowControl.NONE);

  private static EspAtModule open(WiredModule line, ModuleConfig.Builder config)
      throws IOException {
    return EspAtModule.open(line, config.build());
  }

  private static ModuleConfig.Builder flow(FlowControl flow) {
    return Scripts.QUICK.toBuilder().flow(flow);
  }

  private static ModuleConfig.Builder raised(int speed) {
    return Scripts.QUICK.toBuilder().flow(FlowControl.NONE).speed(speed);
  }

  private static List<String> uartCommands(WiredModule line) {
    return line.heard().stream().filter(command -> command.startsWith("AT+UART")).toList();
  }

  @Test
  void aLineThatNeedsNothingIsNotAskedAbout() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    try (EspAtModule module = open(line, NO_FLOW)) {
      assertThat(module.line().baud()).isEqualTo(115_200);
      assertThat(module.line().rtsCts()).isFalse();
    }
    assertThat(uartCommands(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {921_600, 9_600})
  void anUnknownSpeedIsFound(int speed) throws IOException {
    WiredModule line = new WiredModule(speed, 0);
    ModuleConfig.Builder any = NO_FLOW.build().toBuilder().baud(ModuleConfig.ANY_BAUD);
    try (EspAtModule module = open(line, any)) {
      assertThat(module.line().baud()).isEqualTo(speed);
      assertThat(module.line().openedAt()).isEqualTo(speed);
      assertThat(module.command(AtCommand.of("AT")).lines()).isEmpty();
    }
    assertThat(line.setting().baud()).isEqualTo(speed);
  }

  @Test
  void aSpeedThatThePortCannotHaveIsPassedOver() throws IOException {
    WiredModule line = new WiredModule(19_200, 0);
    line.fastestPort = 500_000;
    ModuleConfig.Builder any = NO_FLOW.build().toBuilder().baud(ModuleConfig.ANY_BAUD);
    try (EspAtModule module = open(line, any)) {
      assertThat(module.line().baud()).isEqualTo(19_200);
    }
  }

  @Test
  void theWrongSpeedIsSaidToBeTheReason() {
    WiredModule line = new WiredModule(921_600, 0);
    ModuleConfig.Builder config = NO_FLOW.build().toBuilder().openTimeout(Duration.ofSeconds(1));
    assertThatThrownBy(() -> open(line, config))
        .isInstanceOfSatisfying(
            ModuleLostException.class, e -> assertThat(e.id()).isEqualTo(AtException.BAUD))
        .hasMessageContaining("115200 baud");
  }

  @Test
  void whatADeadSessionLeftRaisedIsFoundAndPutBack() throws IOException {
    WiredModule line = new WiredModule(115_200, 1).leftAt(new UartSetting(921_600, 8, 1, 0, 3));
    line.ctsWired = true;
    line.rtsWired = true;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO).speed(921_600))) {
      assertThat(module.line().baud()).isEqualTo(921_600);
      assertThat(module.line().rtsCts()).isTrue();
    }
    assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 1));
  }

  @Test
  void theSpeedIsRaisedForTheSession() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    try (EspAtModule module = open(line, raised(921_600))) {
      assertThat(module.line().baud()).isEqualTo(921_600);
      assertThat(module.line().openedAt()).isEqualTo(115_200);
      assertThat(module.line().speed()).contains("raised from 115200");
      assertThat(line.setting()).isEqualTo(new UartSetting(921_600, 8, 1, 0, 1));
      assertThat(line.heard()).contains("ATE1");
      module.command(AtCommand.of("AT"));
    }
    assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 1));
    assertThat(line.heard().stream().filter(each -> each.startsWith("AT+UART_DEF="))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"500000, 5000000", "5000000, 500000", "500000, 500000"})
  void aSpeedThatGarblesIsGivenUp(int cleanToModule, int cleanToHost) throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.cleanToModule = cleanToModule;
    line.cleanToHost = cleanToHost;
    try (EspAtModule module = open(line, raised(921_600))) {
      assertThat(module.line().baud()).isEqualTo(115_200);
      assertThat(module.line().speed()).contains("921600 baud garbled");
      assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 1));
      assertThat(line.hostBaud()).isEqualTo(115_200);
      module.command(AtCommand.of("AT"));
    }
    assertThat(line.setting().baud()).isEqualTo(115_200);
  }

  @Test
  void aSpeedThatOneSideCannotHaveIsNotTried() throws IOException {
    WiredModule port = new WiredModule(115_200, 1);
    port.fastestPort = 460_800;
    try (EspAtModule module = open(port, raised(921_600))) {
      assertThat(module.line().speed()).contains("the port cannot have 921600 baud");
      assertThat(uartCommands(port)).containsExactly("AT+UART_CUR?");
    }
    WiredModule refusing = new WiredModule(115_200, 1);
    refusing.fastestModule = 460_800;
    try (EspAtModule module = open(refusing, raised(921_600))) {
      assertThat(module.line().speed()).contains("the module refuses 921600 baud");
      assertThat(module.line().baud()).isEqualTo(115_200);
    }
  }

  @Test
  void anOpeningThatFailsPutsTheSpeedBack() {
    WiredModule line = new WiredModule(115_200, 1);
    line.refused = "AT+CIPRECVTYPE=5,1";
    assertThatThrownBy(() -> open(line, raised(921_600))).isInstanceOf(AtException.class);
    assertThat(line.setting().baud()).isEqualTo(115_200);
  }

  @Test
  void aModuleThatRestartsBehindARaisedSpeedIsSaidToHaveRestarted() throws Exception {
    WiredModule line = new WiredModule(115_200, 1);
    CountDownLatch lost = new CountDownLatch(1);
    try (EspAtModule module = open(line, raised(921_600))) {
      module.addListener(
          new ModuleListener() {
            @Override
            public void lost(ModuleLostException cause) {
              lost.countDown();
            }
          });
      line.restart();
      assertThatThrownBy(() -> module.command(AtCommand.of("AT"))).isInstanceOf(IOException.class);
      assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> module.command(AtCommand.of("AT")))
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("restarted")
          .hasMessageContaining("921600");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void bothWiresMakeFlowControl(int flow) throws IOException {
    WiredModule line = new WiredModule(115_200, flow);
    line.rtsWired = true;
    line.ctsWired = true;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().rtsCts()).as(module.line().flow()).isTrue();
      assertThat(line.setting().flow()).isEqualTo(3);
      assertThat(line.hostFlow()).isTrue();
      // RTS alone would reset boards with the usual circuit
      assertThat(line.levels().indexOf("DTR")).isBetween(0, line.levels().indexOf("RTS"));
    }
    assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, flow));
  }

  @Test
  void noWireCostsOneQuestion() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().rtsCts()).isFalse();
      assertThat(module.line().flow()).contains("CTS is off");
    }
    assertThat(uartCommands(line)).containsExactly("AT+UART_CUR?");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModuleWhoseRtsIsNotWiredIsNeverToldToObeyItsCts(boolean strayCts) throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.ctsWired = true;
    line.strayCts = strayCts;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().rtsCts()).isFalse();
      assertThat(line.setting().flow()).isEqualTo(1);
    }
    assertThat(uartCommands(line)).noneMatch(each -> each.endsWith(",2") || each.endsWith(",3"));
  }

  @Test
  void aCtsThatIsTiedOnHoldsNobody() throws IOException {
    WiredModule line = new WiredModule(115_200, 0);
    line.rtsWired = true;
    line.strayModuleCts = true;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().rtsCts()).isFalse();
      assertThat(module.line().flow()).contains("while our RTS is off");
      assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 0));
    }
  }

  @Test
  void aModuleThatObeysACtsNothingDrivesIsRestarted() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.rtsWired = true;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().rtsCts()).isFalse();
      assertThat(module.line().flow()).contains("nothing drives").contains("restarted");
      assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 1));
      assertThat(line.heard()).containsOnlyOnce("AT+RST");
      module.command(AtCommand.of("AT"));
    }
  }

  @Test
  void aPortWithoutModemLinesHasNoFlowControl() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.modemLines = false;
    try (EspAtModule module = open(line, flow(FlowControl.AUTO))) {
      assertThat(module.line().flow()).contains("no CTS");
    }
  }

  @Test
  void flowControlThatWasAskedForAndDoesNotWorkIsAnError() {
    WiredModule line = new WiredModule(115_200, 1);
    assertThatThrownBy(() -> open(line, flow(FlowControl.RTS_CTS)))
        .isInstanceOfSatisfying(
            DeviceException.class, e -> assertThat(e.id()).isEqualTo("E-DEV-LINE"))
        .hasMessageContaining("CTS is off");
  }

  @Test
  void flowControlAndSpeedGoTogether() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.rtsWired = true;
    line.ctsWired = true;
    try (EspAtModule module = open(line, flow(FlowControl.RTS_CTS).speed(3_000_000))) {
      assertThat(module.line().rtsCts()).isTrue();
      assertThat(line.setting()).isEqualTo(new UartSetting(3_000_000, 8, 1, 0, 3));
    }
    assertThat(line.setting()).isEqualTo(new UartSetting(115_200, 8, 1, 0, 1));
  }

  @Test
  void aResetByLinePullsOnlyRts() throws IOException {
    WiredModule line = new WiredModule(115_200, 1);
    line.resetWired = true;
    line.leftAt(new UartSetting(921_600, 8, 1, 0, 0));
    ModuleConfig.Builder config = NO_FLOW.build().toBuilder().reset(ResetMode.LINE);
    try (EspAtModule module = open(line, config)) {
      assertThat(module.line().baud()).isEqualTo(115_200);
      assertThat(line.levels()).containsExactly("dtr", "RTS", "rts");
    }
  }

  @Test
  void aResetByLineNeedsALine() {
    ModuleConfig config = Scripts.QUICK.toBuilder().reset(ResetMode.LINE).build();
    ScriptedModule silent = new ScriptedModule();
    ByteStream stream = ByteStream.of(silent.input(), silent.output());
    assertThatThrownBy(() -> EspAtModule.open(stream, config))
        .isInstanceOfSatisfying(
            DeviceException.class, e -> assertThat(e.id()).isEqualTo(DeviceException.LINE));
  }

  @Test
  void theEchoTestHasEveryByteThatALineMayHave() {
    BitSet seen = new BitSet();
    for (int i = 0; i < 12; i++) {
      byte[] line = EchoProof.line(i);
      assertThat(line).hasSizeLessThanOrEqualTo(256).endsWith('\r', '\n');
      for (int k = 0; k < line.length - 2; k++) {
        assertThat(line[k]).isNotIn((byte) '\r', (byte) '\n', (byte) 0);
        seen.set(line[k] & 0xff);
      }
      assertThat(new String(line, java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("+++");
    }
    assertThat(seen.get(' ', 256).cardinality()).isEqualTo(256 - ' ');
  }
}
