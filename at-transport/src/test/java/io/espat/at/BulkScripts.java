package io.espat.at;

import static io.espat.at.Scripts.OK;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;

/** Beginnings and pieces of conversations in which {@code AT+CIPSENDL} is used. */
final class BulkScripts {
  static final int SIZE = 20_000;
  static final String CIPSENDL = "AT+CIPSENDL=0," + SIZE + "\r\n";
  static final String FINAL = "+CIPSENDL:20000,20000\r\n\r\nSEND OK\r\n";
  static final int PIECE = 4096;

  /** Pieces of 4 KiB, and little to wait for. */
  static final ModuleConfig CONFIG =
      Scripts.QUICK.toBuilder().baud(3_000_000).flow(FlowControl.RTS_CTS).build();

  private BulkScripts() {}

  static byte[] payload(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + i % 23);
    }
    return bytes;
  }

  static byte[] part(int from, int to) {
    return Arrays.copyOfRange(payload(to), from, to);
  }

  /** The bring-up, and link 0 connected. */
  static ScriptedModule connected() {
    return Scripts.broughtUpForBulk()
        .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
        .reply("0,CONNECT\r\n" + OK);
  }

  static EspAtModule open(ScriptedModule script) throws IOException {
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), CONFIG);
  }

  static EspAtModule open(ScriptedModule script, Valve valve) throws IOException {
    return EspAtModule.open(ByteStream.of(script.input(), valve), CONFIG);
  }

  static Socket connect(EspAtModule module) throws IOException {
    return module.sockets().createSocket("192.0.2.1", 25);
  }
}
