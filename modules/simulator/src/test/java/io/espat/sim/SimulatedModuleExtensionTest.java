package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class SimulatedModuleExtensionTest {
  private static final List<SimulatedModule> GIVEN = new CopyOnWriteArrayList<>();

  /** A class as a user writes it; {@code run} runs it, the build does not. */
  @Simulated(hosts = "mail.test=127.0.0.1", faults = "at AT: BUSY", seed = 11)
  static class Described {
    private SimulatedModule before;

    @BeforeEach
    void begin(SimulatedModule module) {
      before = module;
      GIVEN.add(module);
    }

    @Test
    void byItsClass(SimulatedModule module) throws IOException {
      assertThat(module).isSameAs(before);
      try (HostSide host = HostSide.of(module)) {
        host.quiet().ask("AT", "\r\nbusy p...\r\n");
        host.ask("AT+CIPDOMAIN=\"mail.test\"", "+CIPDOMAIN:\"127.0.0.1\"\r\n\r\nOK\r\n");
        host.ask("AT+GMR", "AT version:4.2");
      }
    }

    @Test
    @Simulated(firmware = Firmware.ESP32_AT_2_1, joined = false)
    void byItsMethod(SimulatedModule module) throws IOException {
      try (HostSide host = HostSide.of(module)) {
        host.expect("\r\nready\r\n").ask("AT", "AT\r\n\r\nOK\r\n");
        host.ask("AT+GMR", "AT+GMR\r\nAT version:2.1");
      }
    }

    @Test
    void andItFails(SimulatedModule module) throws IOException {
      try (HostSide host = HostSide.of(module)) {
        host.quiet().ask("AT", "\r\nOK\r\n");
      }
    }
  }

  static class Registered {
    @RegisterExtension
    final SimulatedModuleExtension modules =
        SimulatedModuleExtension.of(() -> SimulatedModule.builder().fault(Fault.ERROR));

    @Test
    void byItsBuilder(SimulatedModule module) throws IOException {
      GIVEN.add(module);
      try (HostSide host = HostSide.of(module)) {
        host.until("WIFI GOT IP\r\n");
        host.ask("AT", "AT\r\n\r\nERROR\r\n").ask("AT", "AT\r\n\r\nOK\r\n");
      }
    }
  }

  @ExtendWith(SimulatedModuleExtension.class)
  static class Plain {
    @Test
    void asItIs(SimulatedModule module) {
      GIVEN.add(module);
    }
  }

  private static TestExecutionSummary run(Class<?> tests) {
    GIVEN.clear();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            summary);
    return summary.getSummary();
  }

  @Test
  void aTestIsGivenTheModuleThatItsAnnotationsDescribe() {
    TestExecutionSummary summary = run(Described.class);
    assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
    assertThat(GIVEN).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aFailureCarriesSeedRulesAndConversation() {
    List<TestExecutionSummary.Failure> failures = run(Described.class).getFailures();
    assertThat(failures).hasSize(1);
    Throwable failure = failures.get(0).getException();
    assertThat(failure).hasMessageContaining("busy");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0].toString())
        .startsWith("the simulated module had 1 faults; its plan:\n# seed 11\nat AT: BUSY\n")
        .contains("its conversation:\n")
        .contains("## \"fault BUSY\"")
        .contains(">> \"AT\\r\\n\"");
  }

  @Test
  void theModuleIsClosedBehindTheTest() throws IOException {
    assertThat(run(Plain.class).getTestsSucceededCount()).isEqualTo(1);
    GIVEN.get(0).input().readAllBytes(); // ends, because the module did
    assertThatIOException().isThrownBy(() -> GIVEN.get(0).output().write('x'));
  }

  @Test
  void aBuilderMayDescribeTheModule() {
    TestExecutionSummary summary = run(Registered.class);
    assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
    assertThat(GIVEN).hasSize(1);
  }
}
