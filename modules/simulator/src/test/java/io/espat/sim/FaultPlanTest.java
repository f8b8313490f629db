package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "at AT+CIPSEND #3: SEND_FAIL            | at AT+CIPSEND #3: SEND_FAIL",
        "at at+cipsend: send-fail               | at AT+CIPSEND: SEND_FAIL",
        "at AT: BUSY                            | at AT: BUSY",
        "every  AT+CIPRECVDATA #10 : ERROR x3   | every AT+CIPRECVDATA #10: ERROR x3",
        "at byte 10000 to host: LOST_BYTE       | at byte 10000 to host: LOST_BYTE to host",
        "at byte 7 to module: FLIPPED_BIT       | at byte 7 to module: FLIPPED_BIT to module",
        "at byte 7 to host: DOUBLED_BYTE to module | at byte 7 to host: DOUBLED_BYTE to module",
        "every byte 500 from peers: BUSY        | every byte 500 from peers: BUSY",
        "after 5s: WIFI_DROP for 2s             | after 5000ms: WIFI_DROP for 2000ms",
        "every 2m: CUT_WIRE for 30ms            | every 120000ms: CUT_WIRE to host for 30ms",
        "chance 0.25: GARBAGE to module x2      | chance 0.25: GARBAGE to module x2",
        "once: STALL_BEFORE_VERDICT for 3s      | once: STALL_BEFORE_VERDICT for 3000ms",
      })
  void aRuleIsReadAndSaidAgain(String text, String said) {
    assertThat(FaultRule.parse(text)).hasToString(said);
    assertThat(FaultRule.parse(said)).isEqualTo(FaultRule.parse(text));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultCanBeNamed(Fault fault) {
    FaultRule rule = FaultRule.parse("once: " + fault);
    assertThat(rule.fault()).isEqualTo(fault);
    assertThat(FaultRule.parse(rule.toString())).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BUSY                           | no colon",
        "at AT+CIPSEND: NO_SUCH          | no fault NO_SUCH; the faults are [BUSY,",
        "at AT+CIPSEND #0: BUSY          | counting begins at 1",
        "at byte 0 to host: BUSY         | counting begins at 1",
        "at byte 5 to heaven: LOST_BYTE  | to host, to module, to peers or from peers",
        "at CIPSEND: BUSY                | when is one of",
        "sometimes: BUSY                 | when is one of",
        "chance 1.5: BUSY                | 0..1, not 1.5",
        "chance NaN: BUSY                | 0..1, not NaN",
        "chance much: BUSY               | 0..1, not much",
        "after 5: BUSY                   | 500ms, 5s or 2m, not 5",
        "after 0s: BUSY                  | 500ms, 5s or 2m, not 0s",
        "once: BUSY to host              | BUSY does not happen to the bytes to host",
        "once: SLOW_DRIP to module       | SLOW_DRIP does not happen to the bytes to module",
        "once: LOST_BYTE to peers        | LOST_BYTE does not happen to the bytes to peers",
        "once: LOST_BYTE somewhere       | a fault is NAME",
        "at AT: BUSY x2                  | happens once",
        "chance 0.1: BUSY x0             | counting begins at 1",
      })
  void whatCannotBeReadIsNamed(String text, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.builder().rule(text))
        .withMessageContaining(reason);
  }

  @Test
  void aScriptHasCommentsAndNamesTheLineThatCannotBeRead() throws Exception {
    String script =
        "# two rules\n\n  at AT+CIPSEND #3: SEND_FAIL   # the third\r\n#none\nonce: ERROR # x\n";
    FaultPlan plan = FaultPlan.builder().seed(7).script(script).build();
    assertThat(plan).hasToString("# seed 7\nat AT+CIPSEND #3: SEND_FAIL\nonce: ERROR\n");
    assertThatThrownBy(() -> FaultPlan.builder().script(script + "\nonce: BUSY\nonce: LOST\n"))
        .isInstanceOf(FaultScriptException.class)
        .hasMessageStartingWith("line 8: there is no fault LOST")
        .extracting(e -> ((FaultScriptException) e).line())
        .isEqualTo(8);
  }

  @Test
  void aPlanSaysItselfAsAScript() throws Exception {
    FaultPlan plan =
        FaultPlan.builder()
            .once(Fault.BUSY)
            .chance(0.5, Fault.LOST_BYTE)
            .rule("after 1s: BROWN_OUT")
            .build();
    FaultPlan again = FaultPlan.builder().seed(plan.seed()).script(plan.toString()).build();
    assertThat(again).hasToString(plan.toString());
    assertThat(FaultPlan.builder().build().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void aProbabilityIsBetweenNoughtAndOne(double probability) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimulatedModule.builder().fault(Fault.BUSY, probability));
  }
}
