package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Addresses and name servers by hand, and links that outlive a lost network. */
class AddressesTest {
  private static final String MASK = "+CIPSTA:netmask:\"255.255.255.0\"\r\n\r\nOK\r\n";

  @Test
  void aStaticAddressHoldsUntilDhcpIsBack() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      for (String wrong : new String[] {"1", "\"1.2.3\"", "\"1.2.3.4\",\"1.2.3.1\"", ""}) {
        host.ask("AT+CIPSTA=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+CIPSTA=\"192.0.2.9\",\"192.0.2.1\",\"255.255.255.0\"", "\r\nOK\r\n");
      String fixed = "+CIPSTA:ip:\"192.0.2.9\"\r\n+CIPSTA:gateway:\"192.0.2.1\"\r\n" + MASK;
      host.ask("AT+CIPSTA?", fixed).ask("AT+CWDHCP?", "+CWDHCP:2\r\nOK\r\n");
      host.send("AT+RST\r\n");
      host.until("GOT IP\r\n");
      host.ask("ATE0", "ATE0\r\n\r\nOK\r\n").ask("AT+CIPSTA?", fixed);
      host.ask("AT+CWDHCP=1,1", "\r\nOK\r\n");
      host.ask("AT+CIPSTA?", "+CIPSTA:ip:\"10.0.2.15\"\r\n+CIPSTA:gateway:\"10.0.2.2\"\r\n" + MASK);
    }
  }

  @Test
  void nameServersAreSetAndPutBack() throws Exception {
    String usual = "\"10.0.2.3\",\"114.114.114.114\",\"8.8.8.8\"\r\n\r\nOK\r\n";
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPDNS?", "+CIPDNS:0," + usual);
      host.ask("AT+CIPDNS=1,\"192.0.2.53\",\"192.0.2.54\"", "\r\nOK\r\n");
      host.ask("AT+CIPDNS?", "+CIPDNS:1,\"192.0.2.53\",\"192.0.2.54\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPDNS=1,\"name\"", "\r\nERROR\r\n").ask("AT+CIPDNS=2", "\r\nERROR\r\n");
      host.ask("AT+CIPDNS=0", "\r\nOK\r\n").ask("AT+CIPDNS?", "+CIPDNS:0," + usual);
      host.ask("AT+CIPDNS=1", "\r\nOK\r\n").ask("AT+CIPDNS?", "+CIPDNS:1," + usual);
    }
  }

  @Test
  void theTimeIsAskedForAgainAndAgain() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSNTPINTV?", "+CIPSNTPINTV:3600\r\n\r\nOK\r\n");
      host.ask("AT+CIPSNTPINTV=14", "\r\nERROR\r\n").ask("AT+CIPSNTPINTV=15", "\r\nOK\r\n");
      host.ask("AT+CIPSNTPINTV?", "+CIPSNTPINTV:15\r\n\r\nOK\r\n");
      host.ask("AT+CIPSNTPCFG=1,2", "\r\nOK\r\n").expect("+TIME_UPDATED\r\n");
      host.send("AT+SYSTIMESTAMP?\r\n");
      assertThat(host.until("OK\r\n")).matches("\\+SYSTIMESTAMP:\\d{10,}\r\nOK\r\n");
    }
  }

  @Test
  void aPersistentLinkOutlivesTheLeave() throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder().firmware(Firmware.ESP32C5_AT_5).build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPCONNPERSIST?", "+CIPCONNPERSIST:0,0,0,0,0\r\n\r\nOK\r\n");
      host.ask("AT+CIPCONNPERSIST=1,1", "\r\nOK\r\n");
      host.ask("AT+CIPCONNPERSIST?", "+CIPCONNPERSIST:0,1,0,0,0\r\n\r\nOK\r\n");
      for (int id = 0; id < 2; id++) {
        String dial = "AT+CIPSTART=" + id + ",\"TCP\",\"localhost\"," + peer.port();
        host.ask(dial, id + ",CONNECT\r\n\r\nOK\r\n");
      }
      try (Socket zero = peer.accept();
          Socket one = peer.accept()) {
        host.ask("AT+CWQAP", "WIFI DISCONNECT\r\n\r\nOK\r\n0,CLOSED\r\n");
        assertThat(zero.getInputStream().read()).isEqualTo(-1);
        Peer.send(one, "meanwhile");
        host.ask("AT+CWJAP", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        host.expect("\r\n+IPD,1,9:meanwhile\r\n");
        host.ask("AT+CIPSEND=1,4", "\r\nOK\r\n\r\n>").send("here");
        host.expect("\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(one, 4)).isEqualTo("here");
      }
    }
  }
}
