package io.espat.at;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.time.Duration;

/** Beginnings of scripts, and a module opened on one. */
final class Scripts {
  static final String OK = "\r\nOK\r\n";
  static final String ERROR = "\r\nERROR\r\n";
  static final String PROMPT = "\r\nOK\r\n\r\n>";

  /** The line of {@code AT+CMD?} for the receive mode of 3.3 and later. */
  static final String RECEIVE_TYPE = "+CMD:2,\"AT+CIPRECVTYPE\",0,1,1,0\r\n";

  /** Short limits, so that time-outs can be tested. */
  static final ModuleConfig QUICK =
      ModuleConfig.builder()
          .openTimeout(Duration.ofSeconds(3))
          .commandTimeout(Duration.ofMillis(600))
          .connectTimeout(Duration.ofMillis(600))
          .sendTimeout(Duration.ofMillis(600))
          .build();

  private Scripts() {}

  /** The whole bring-up of a 4.x module that was idle, byte for byte. */
  static ScriptedModule broughtUp() {
    return bringUp(new ScriptedModule());
  }

  /** Has such a module brought up, once more if it was before. */
  static ScriptedModule bringUp(ScriptedModule script) {
    return identified(script, RECEIVE_TYPE).expect("AT+CIPRECVTYPE=5,1\r\n").reply(OK);
  }

  /** The bring-up where RTS/CTS was asked for. */
  static ScriptedModule broughtUpForBulk() {
    return identified(RECEIVE_TYPE)
        .expect("AT+CIPRECVTYPE=5,0\r\n")
        .reply(OK)
        .expect("AT+CIPSENDLCFG?\r\n")
        .reply("+CIPSENDLCFG:1024,2920\r\n" + OK)
        .expect("AT+CIPSENDLCFG=1048576,2920\r\n")
        .reply(OK);
  }

  /**
   * The bring-up up to the receive mode.
   *
   * @param receiving the lines of {@code AT+CMD?} for the commands that set it
   */
  static ScriptedModule identified(String receiving) {
    return identified(new ScriptedModule(), receiving);
  }

  private static ScriptedModule identified(ScriptedModule script, String receiving) {
    return script
        .expect("+++")
        .expect("AT\r\n")
        .reply("+++AT\r\n" + ERROR) // echo is on, and the pluses stood in its line
        .expect("AT\r\n")
        .reply("AT\r\n" + OK)
        .expect("ATE0\r\n")
        .reply("ATE0\r\n" + OK)
        .expect("AT+GMR\r\n")
        .reply("AT version:4.2.0.0(abc - ESP32C3 - Feb  9 2026 02:41:25)\r\n" + OK)
        .expect("AT+CMD?\r\n")
        .reply("+CMD:0,\"AT\",0,0,0,1\r\n+CMD:1,\"AT+CIPSENDL\",0,0,1,0\r\n" + receiving + OK)
        .expect("AT+CIPMODE=0\r\n")
        .reply(OK)
        .expect("AT+CIPMUX?\r\n")
        .reply("+CIPMUX:0\r\n" + OK)
        .expect("AT+CIPCLOSE\r\n")
        .reply(ERROR)
        .expect("AT+CIPMUX=1\r\n")
        .reply(OK)
        .expect("AT+CIPDINFO=0\r\n")
        .reply(OK)
        .expect("AT+SYSMSG?\r\n")
        .reply("+SYSMSG:0" + OK)
        .expect("AT+SYSLOG=1\r\n")
        .reply(OK);
  }

  /** The whole bring-up of NonOS 1.7, with active (0) or passive receive (1). */
  static ScriptedModule broughtUpNonOs(int receiveMode) {
    return new ScriptedModule()
        .expect("+++")
        .expect("AT\r\n")
        .reply("AT\r\r\n" + OK)
        .expect("ATE0\r\n")
        .reply("ATE0\r\r\n" + OK)
        .expect("AT+GMR\r\n")
        .reply("AT version:1.7.5.0(Oct 20 2021 19:14:04)\r\nSDK version:3.0.5(b29dcd3)\r\n" + OK)
        .expect("AT+CMD?\r\n")
        .reply(ERROR)
        .expect("AT+CIPRECVMODE?\r\n")
        .reply("+CIPRECVMODE:0\r\n" + OK)
        .expect("AT+CIPTCPOPT?\r\n")
        .reply(ERROR)
        .expect("AT+CIPMODE=0\r\n")
        .reply(OK)
        .expect("AT+CIPMUX?\r\n")
        .reply("+CIPMUX:1\r\n" + OK)
        .expect("AT+CIPCLOSE=5\r\n")
        .reply(ERROR)
        .expect("AT+CIPMUX=1\r\n")
        .reply(OK)
        .expect("AT+CIPDINFO=0\r\n")
        .reply(OK)
        .expect("AT+SYSMSG?\r\n")
        .reply(ERROR)
        .expect("AT+SYSLOG=1\r\n")
        .reply(ERROR)
        .expect("AT+CIPRECVMODE=" + receiveMode + "\r\n")
        .reply(OK);
  }

  /** Goes on to link 0 at 192.0.2.1:25, connected. */
  static ScriptedModule connected() {
    return broughtUp()
        .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
        .reply("0,CONNECT\r\n" + OK);
  }

  static EspAtModule open(ScriptedModule script) throws IOException {
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), QUICK);
  }
}
